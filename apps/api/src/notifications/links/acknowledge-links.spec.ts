import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { AcknowledgeLinks, LINK_LIFETIME_MS } from './acknowledge-links.js';

const NOW_MS = 1_700_000_000_000;
const alert = { fingerprint: 'f1', episode: 'e1' };

describe('a link that acknowledges', () => {
  const database = openTestDatabase();
  const links = new AcknowledgeLinks(database);
  let made = 0;
  const newToken = (): string => links.token(`m/${++made}`, alert, 'team', NOW_MS);
  afterAll(() => database.close());

  it('names the episode and the receiver that the message went to', () => {
    expect(links.read(newToken(), NOW_MS)).toMatchObject({ ...alert, receiver: 'team' });
  });

  it('is the same for the same message', () => {
    const [a, b] = [1, 1].map(() => links.token('m/x', alert, 'team', NOW_MS));
    expect(a).toBe(b);
  });

  it('works once', () => {
    const token = newToken();
    expect(links.redeem(token, NOW_MS, ({ fingerprint }) => fingerprint)).toBe('f1');
    expect(() => links.redeem(token, NOW_MS, () => 'again')).toThrow(/has been used/);
  });

  it('is not spent by an act that failed', () => {
    const token = newToken();
    const failing = (): never => {
      throw new Error('disk full');
    };
    expect(() => links.redeem(token, NOW_MS, failing)).toThrow('disk full');
    expect(links.redeem(token, NOW_MS, () => 'done')).toBe('done');
  });

  it('expires', () => {
    const token = newToken();
    expect(() => links.read(token, NOW_MS + LINK_LIFETIME_MS)).toThrow(/has expired/);
  });

  it.each([
    [
      'another’s payload',
      (token: string) => `${Buffer.from('{"id":"x"}').toString('base64url')}.${token.split('.')[1]}`,
    ],
    ['a cut signature', (token: string) => token.slice(0, -1)],
    ['nothing', () => ''],
  ])('is refused with %s', (_, forge) => {
    expect(() => links.read(forge(newToken()), NOW_MS)).toThrow(/not one of ours/);
  });

  it('still works after a restart', () => {
    const token = newToken();
    expect(new AcknowledgeLinks(database).read(token, NOW_MS)).toMatchObject(alert);
  });
});
