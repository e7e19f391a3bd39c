import { hash } from '@node-rs/argon2';
import { openAccounts, PASSWORD, somewhere } from './accounts.fixture.js';
import type { Actor } from './administration.service.js';
import { SESSION_COOKIE } from './cookies.js';
import type { SessionEnded } from './session-ends.js';

type World = Awaited<ReturnType<typeof openAccounts>>;
let world: World;
const administrator: Actor = { identity: { name: 'ana', role: 'administrator', via: 'session' }, address: '192.0.2.9' };
const DAY = 86_400_000;

afterEach(() => world.module.close());

const ask = (what: { session?: string; authorization?: string }) =>
  world.accounts.identify({
    cookie: what.session === undefined ? undefined : `a=b; ${SESSION_COOKIE}=${what.session}`,
    authorization: what.authorization,
    address: '192.0.2.1',
  });
const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

function ended(): SessionEnded[] {
  const seen: SessionEnded[] = [];
  world.accounts.sessionEnded$.subscribe((end) => seen.push(end));
  return seen;
}

describe('set-up', () => {
  beforeEach(async () => {
    world = await openAccounts();
  });

  it('makes the first administrator, once', async () => {
    expect(world.sessions.setupNeeded).toBe(true);
    const link = world.sessions.setupLink('https://ops.example/x/') ?? '';
    expect(link).toMatch(/^https:\/\/ops\.example\/x\/setup\?token=[\w-]{43}$/);
    const { identity, session } = await world.setUp();
    expect(identity).toEqual({ name: 'ana', role: 'administrator', via: 'session' });
    expect(await ask({ session })).toMatchObject(identity);
    expect(world.sessions.setupNeeded).toBe(false);
    expect(world.sessions.setupLink('/')).toBeUndefined();
    const again = world.sessions.setup(link.slice(-43), 'eve', PASSWORD, somewhere);
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets one of two win who use the link at once', async () => {
    const token = (world.sessions.setupLink('/') ?? '').slice(-43);
    const outcomes = await Promise.allSettled(
      ['ana', 'eve'].map((name) => world.sessions.setup(token, name, PASSWORD, somewhere)),
    );
    expect(outcomes.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.administration.listAccounts()).toHaveLength(1);
  });

  it.each([
    ['wrong', 'ana', PASSWORD, 'forbidden'],
    ['right', 'a b', PASSWORD, 'bad_request'],
    ['right', 'Opsroom', PASSWORD, 'bad_request'],
    ['right', 'ana', 'short', 'bad_request'],
    ['right', 'correct-horse', 'Correct-Horse', 'bad_request'],
  ])('refuses a %s link for %s with %s', async (link, name, password, code) => {
    const token = link === 'right' ? (world.sessions.setupLink('/') ?? '').slice(-43) : 'guessed';
    await expect(world.sessions.setup(token, name, password, somewhere)).rejects.toMatchObject({ code });
  });
});

describe('sessions', () => {
  beforeEach(async () => {
    world = await openAccounts({ accounts: { sessionMs: 2 * DAY } });
    await world.setUp();
  });

  it('stores passwords as argon2id and secrets as hashes only', async () => {
    const { session, device } = await world.sessions.login('ana', PASSWORD, somewhere);
    const rows = ['accounts', 'account_sessions', 'account_devices'].flatMap((table) =>
      world.database.statement(`SELECT * FROM ${table}`).all(),
    );
    expect(String(rows[0].password_hash)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const stored = JSON.stringify(
      rows.map((row) => Object.values(row).map((v) => (v instanceof Uint8Array ? Buffer.from(v).toString() : v))),
    );
    expect(stored).not.toContain(session);
    expect(stored).not.toContain(device);
  });

  it('lives while it is used and ends when it is not', async () => {
    const { session } = await world.sessions.login('ANA', PASSWORD, somewhere);
    const ends = ended();
    for (let day = 0; day < 5; day++) {
      world.clock.advance(DAY);
      expect(await ask({ session })).toMatchObject({ name: 'ana', via: 'session' });
    }
    world.clock.advance(2 * DAY + 60_000);
    expect(await ask({ session })).toBeNull();
    expect(ends).toContainEqual({ credential: 'session 2', reason: 'expired' });
  });

  it('lives while a connection rests on it, as on a wall screen that nobody touches', async () => {
    const { session } = await world.sessions.login('ana', PASSWORD, somewhere);
    const credential = (await ask({ session }))?.credential ?? '';
    let open = [credential, credential, 'token 9', ''];
    world.accounts.keepWhileLive(() => open);
    world.clock.advance(7 * DAY);
    expect(await ask({ session })).toMatchObject({ name: 'ana' });
    open = [];
    world.clock.advance(2 * DAY + 60_000);
    expect(await ask({ session })).toBeNull();
  });

  it('ends with the logout, and says so to whoever holds its connections', async () => {
    const { session } = await world.sessions.login('ana', PASSWORD, somewhere);
    const identified = await ask({ session });
    const ends = ended();
    world.sessions.logout(session, 'x');
    expect(ends).toEqual([{ credential: identified?.credential, reason: 'logout' }]);
    expect(await ask({ session })).toBeNull();
  });

  it('is nobody with a made-up cookie', async () => {
    expect(await ask({ session: 'x'.repeat(43) })).toBeNull();
    expect(await ask({})).toBeNull();
  });

  it('keeps only the session in which the password was changed', async () => {
    const here = await world.sessions.login('ana', PASSWORD, somewhere);
    const there = await world.sessions.login('ana', PASSWORD, somewhere);
    const change = { name: 'ana', oldPassword: PASSWORD, newPassword: 'battery staple' };
    await world.sessions.changePassword(change, somewhere, here.session);
    expect(await ask({ session: here.session })).not.toBeNull();
    expect(await ask({ session: there.session })).toBeNull();
    await expect(world.sessions.login('ana', PASSWORD, somewhere)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('wrong passwords', () => {
  beforeEach(async () => {
    world = await openAccounts();
  });
  const fail = (name: string, place = somewhere) =>
    world.sessions.login(name, 'wrong password', place).then(
      () => 'in',
      (error: unknown) => (error as { code: string }).code,
    );

  it('are slowed down, but never for a browser that was in before', async () => {
    const { device } = await world.setUp();
    for (let i = 0; i < 5; i++) expect(await fail('ana')).toBe('unauthenticated');
    expect(await fail('ana')).toBe('too_many_requests');
    await expect(world.sessions.login('ana', PASSWORD, somewhere)).rejects.toMatchObject({ retryAfterMs: 1000 });
    await expect(world.sessions.login('ana', PASSWORD, { ...somewhere, device })).resolves.toMatchObject({
      identity: { name: 'ana' },
    });
  });

  it('are slowed down the same for names that do not exist', async () => {
    await world.setUp();
    for (let i = 0; i < 5; i++) expect(await fail('nobody')).toBe('unauthenticated');
    expect(await fail('nobody')).toBe('too_many_requests');
  });

  it('do not let a device cookie of one account shield another', async () => {
    const { device } = await world.setUp();
    await world.administration.createAccount({ name: 'ben', password: PASSWORD, role: 'viewer' }, administrator);
    for (let i = 0; i < 5; i++) await fail('ben');
    expect(await fail('ben', { ...somewhere, device })).toBe('too_many_requests');
  });

  it('are on record', async () => {
    await world.setUp();
    await fail('eve');
    expect(world.administration.audit(1)).toMatchObject([{ kind: 'login_failed', actor: 'eve', address: '192.0.2.1' }]);
  });
});

describe('tokens', () => {
  beforeEach(async () => {
    world = await openAccounts();
    await world.setUp();
  });

  it('prove a machine as Bearer and as the password of Basic', async () => {
    const { secret, token } = world.administration.createToken(
      { name: 'prometheus', role: 'responder' },
      administrator,
    );
    expect(secret.startsWith(token.prefix)).toBe(true);
    const expected = { name: 'prometheus', role: 'responder', via: 'token', credential: `token ${token.id}` };
    expect(await ask({ authorization: `Bearer ${secret}` })).toEqual(expected);
    expect(await ask({ authorization: basic('anything', secret) })).toEqual(expected);
    expect(await ask({ authorization: 'Bearer ops_guessed' })).toBeNull();
    expect(await ask({ authorization: 'Digest x' })).toBeNull();
  });

  it('show when they were last used, and end when revoked', async () => {
    const { secret, token } = world.administration.createToken({ name: 'ci', role: 'viewer' }, administrator);
    expect(world.administration.listTokens(administrator)[0].lastUsedMs).toBeNull();
    await ask({ authorization: `Bearer ${secret}` });
    expect(world.administration.listTokens(administrator)[0].lastUsedMs).toBe(world.clock.nowMs());
    const ends = ended();
    world.administration.revokeToken(token.id, administrator);
    expect(ends).toEqual([{ credential: `token ${token.id}`, reason: 'revoked' }]);
    expect(await ask({ authorization: `Bearer ${secret}` })).toBeNull();
  });

  it('may never more than their owner, even when the owner falls', async () => {
    await world.administration.createAccount({ name: 'ben', password: PASSWORD, role: 'responder' }, administrator);
    const ben: Actor = { identity: { name: 'ben', role: 'responder', via: 'session' }, address: 'x' };
    expect(() => world.administration.createToken({ name: 'a', role: 'administrator' }, ben)).toThrow(
      'no more than you',
    );
    const { secret } = world.administration.createToken({ name: 'pager', role: 'responder' }, ben);
    await world.administration.changeAccount('ben', { role: 'viewer' }, administrator);
    expect(await ask({ authorization: `Bearer ${secret}` })).toMatchObject({ role: 'viewer' });
    world.administration.removeAccount('ben', administrator);
    expect(await ask({ authorization: `Bearer ${secret}` })).toBeNull();
  });

  it('are seen and revoked by their owner and administrators alone', () => {
    const { token } = world.administration.createToken({ name: 'ci', role: 'viewer' }, administrator);
    const ben: Actor = { identity: { name: 'ben', role: 'viewer', via: 'session' }, address: 'x' };
    expect(world.administration.listTokens(ben)).toEqual([]);
    expect(() => world.administration.revokeToken(token.id, ben)).toThrow('there is no token');
  });

  it('share their names with accounts', async () => {
    world.administration.createToken({ name: 'ci', role: 'viewer' }, administrator);
    const account = world.administration.createAccount(
      { name: 'CI', password: PASSWORD, role: 'viewer' },
      administrator,
    );
    await expect(account).rejects.toMatchObject({ code: 'conflict' });
    expect(() => world.administration.createToken({ name: 'ANA', role: 'viewer' }, administrator)).toThrow(
      'already an account',
    );
  });
});

describe('accounts', () => {
  beforeEach(async () => {
    world = await openAccounts();
    await world.setUp();
  });

  it('cut their live connections when the role changes', async () => {
    await world.administration.createAccount({ name: 'ben', password: PASSWORD, role: 'viewer' }, administrator);
    const { session } = await world.sessions.login('ben', PASSWORD, somewhere);
    const credential = (await ask({ session }))?.credential;
    const ends = ended();
    expect(await world.administration.changeAccount('BEN', { role: 'responder' }, administrator)).toMatchObject({
      name: 'ben',
      role: 'responder',
      sessions: 1,
    });
    expect(ends).toEqual([{ credential, reason: 'changed' }]);
    expect(await ask({ session })).toMatchObject({ role: 'responder' });
  });

  it('always leave one administrator', async () => {
    await expect(world.administration.changeAccount('ana', { role: 'viewer' }, administrator)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(() => world.administration.removeAccount('ana', administrator)).toThrow('last administrator');
    await world.administration.createAccount({ name: 'ben', password: PASSWORD, role: 'administrator' }, administrator);
    world.administration.removeAccount('ana', administrator);
    expect(world.administration.listAccounts().map((one) => one.name)).toEqual(['ben']);
  });

  it('log in with every request by Basic, slowed down like any other guess', async () => {
    expect(await ask({ authorization: basic('ana', PASSWORD) })).toMatchObject({ name: 'ana', role: 'administrator' });
    for (let i = 0; i < 5; i++) expect(await ask({ authorization: basic('ana', `guess ${i}`) })).toBeNull();
    await expect(ask({ authorization: basic('ana', 'guess 6') })).rejects.toMatchObject({ code: 'too_many_requests' });
    // What was right a moment ago is not a guess.
    expect(await ask({ authorization: basic('ana', PASSWORD) })).toMatchObject({ name: 'ana' });
  });

  it('are not proven by a password that has been changed', async () => {
    await ask({ authorization: basic('ana', PASSWORD) });
    await world.administration.changeAccount('ana', { password: 'battery staple' }, administrator);
    expect(await ask({ authorization: basic('ana', PASSWORD) })).toBeNull();
  });

  it('leave a record that nothing can alter', async () => {
    await world.administration.createAccount({ name: 'ben', password: PASSWORD, role: 'viewer' }, administrator);
    expect(
      world.administration.audit(10).map((entry) => [entry.kind, entry.actor, entry.subject, entry.detail]),
    ).toEqual([
      ['account_created', 'ana', 'ben', 'viewer'],
      ['setup', 'ana', 'ana', ''],
    ]);
    expect(world.administration.audit(10, undefined, { kinds: ['setup', 'login'] })).toHaveLength(1);
    expect(world.administration.audit(10, undefined, { actor: 'ben' })).toEqual([]);
    expect(() => world.database.statement("UPDATE account_audit SET actor = 'eve'").run()).toThrow('append-only');
    expect(() => world.database.statement('DELETE FROM account_audit').run()).toThrow('append-only');
  });
});

describe('strangers', () => {
  it('have the role that the configuration gives, unless what they bring is wrong', async () => {
    world = await openAccounts({ accounts: { anonymous: 'viewer' } });
    expect(await ask({})).toEqual({ name: 'anonymous', role: 'viewer', via: 'anonymous', credential: '' });
    expect(await ask({ session: 'ended' })).toMatchObject({ via: 'anonymous' });
    expect(await ask({ authorization: 'Bearer ops_wrong' })).toBeNull();
  });
});

describe('a stored hash', () => {
  it('of other parameters still verifies, so that they can be raised later', async () => {
    world = await openAccounts();
    await world.setUp();
    const older = await hash(PASSWORD, { memoryCost: 8192, timeCost: 3, parallelism: 1 });
    world.database.statement('UPDATE accounts SET password_hash = ?').run(older);
    await expect(world.sessions.login('ana', PASSWORD, somewhere)).resolves.toBeDefined();
  });
});
