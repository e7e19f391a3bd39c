import { accountRule, addressRule, LoginThrottle, waitAfter } from './login-throttle.js';

const START = 1_700_000_000_000;
const keys = (name: string, address = 'a', device?: string) => ({ name, address, device });

describe('waitAfter', () => {
  it.each([
    [4, 0],
    [5, 1000],
    [6, 2000],
    [10, 32_000],
    [15, 900_000],
    [1000, 900_000],
  ])('is, after %d failures, %d ms', (failures, ms) => expect(waitAfter(failures, accountRule)).toBe(ms));
});

describe('LoginThrottle', () => {
  it('lets a few mistakes pass, then makes one wait ever longer', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < accountRule.free; i++) expect(throttle.charge(keys('ana'), START)).toBe(0);
    expect(throttle.charge(keys('ana'), START)).toBe(1000);
    expect(throttle.charge(keys('ana'), START + 999)).toBe(1);
    expect(throttle.charge(keys('ana'), START + 1000)).toBe(0);
    expect(throttle.charge(keys('ana'), START + 1000)).toBe(2000);
  });

  it('counts a name in any case as one account, from any address', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < accountRule.free; i++) throttle.charge(keys(i % 2 ? 'Ana' : 'ana', `address ${i}`), START);
    expect(throttle.charge(keys('ANA', 'another'), START)).toBeGreaterThan(0);
  });

  it('does not lock a browser out that has logged in before', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < 30; i++) throttle.charge(keys('ana', 'attacker'), START);
    expect(throttle.charge(keys('ana', 'home'), START)).toBeGreaterThan(0);
    expect(throttle.charge(keys('ana', 'home', 'known browser'), START)).toBe(0);
  });

  it('slows down an address that tries many names', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < addressRule.free; i++) expect(throttle.charge(keys(`name ${i}`), START)).toBe(0);
    expect(throttle.charge(keys('one more'), START)).toBe(1000);
    expect(throttle.charge(keys('one more', 'elsewhere'), START)).toBe(0);
  });

  it('charges many attempts at once before any of them is answered', () => {
    const throttle = new LoginThrottle();
    const waits = Array.from({ length: 50 }, () => throttle.charge(keys('ana'), START));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(accountRule.free);
  });

  it('forgets mistakes after the right password, and after a quiet hour', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < accountRule.free - 1; i++) throttle.charge(keys('ana'), START);
    throttle.charge(keys('ana'), START);
    throttle.succeeded(keys('ana'));
    expect(throttle.charge(keys('ana'), START)).toBe(0);
    for (let i = 0; i < 10; i++) throttle.charge(keys('ben'), START);
    expect(throttle.charge(keys('ben'), START + 3_600_001)).toBe(0);
  });

  it('does not let a right password for one name hide wrong ones for others', () => {
    const throttle = new LoginThrottle();
    for (let i = 0; i < addressRule.free; i++) throttle.charge(keys(`name ${i}`), START);
    throttle.charge(keys('mine', 'a'), START + 1000);
    throttle.succeeded(keys('mine', 'a'));
    throttle.charge(keys('next', 'a'), START + 1000);
    expect(throttle.charge(keys('next', 'a'), START + 1000)).toBeGreaterThan(0);
  });
});
