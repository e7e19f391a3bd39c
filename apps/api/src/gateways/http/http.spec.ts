import { Controller, Get, Post } from '@nestjs/common';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { ReloadService } from '../../config/reload.service.js';
import { Refusal } from '../../model/refusal.js';
import type { Store } from '../../storage/store.js';
import { cookiesOf, openHttp } from './http.fixture.js';
import { Needs } from './needs.js';
import { type Asker, Who } from './who.js';

@Controller('api/test')
class TestController {
  @Get('look')
  look(@Who() asker: Asker): object {
    return { ...asker, padding: 'x'.repeat(2000) };
  }

  @Needs('responder')
  @Post('act')
  act(): string {
    return 'done';
  }

  @Get('refuse')
  refuse(): never {
    throw new Refusal('conflict', 'this link has been used', { winner: 'ben' });
  }

  @Get('fail')
  fail(): never {
    throw new Error('a secret of the inside');
  }
}

type World = Awaited<ReturnType<typeof openHttp>>;
let world: World;
let folder: string;
const PASSWORD = 'correct horse';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'opsroom-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><head><base href="/" /></head><body><div id="app"></div>');
  writeFileSync(join(folder, 'assets/index-BbCcDdEe.js'), `console.log("${'live '.repeat(500)}")`);
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => world.app.close());

const open = (options: Parameters<typeof openHttp>[0] = {}) =>
  openHttp({ controllers: [TestController], pageFolder: folder, ...options }).then((opened) => (world = opened));

async function administrator(): Promise<string> {
  const response = await world.inject({
    method: 'POST',
    url: '/api/opsroom/setup',
    payload: { token: world.setupToken(), name: 'ana', password: PASSWORD },
  });
  return cookiesOf(response);
}

describe('the way in', () => {
  it('goes from the set-up link to a session, a logout and a login', async () => {
    await open();
    const before = await world.inject({ url: '/api/opsroom/session' });
    expect(before.json()).toEqual({
      identity: null,
      setupNeeded: true,
      anonymous: null,
      version: expect.stringMatching(/^\d+\.\d+/),
    });
    const cookie = await administrator();
    const session = await world.inject({ url: '/api/opsroom/session', headers: { cookie } });
    expect(session.json()).toMatchObject({
      identity: { name: 'ana', role: 'administrator', via: 'session' },
      setupNeeded: false,
    });
    expect(Object.keys(session.json().identity)).toEqual(['name', 'role', 'via']);

    const out = await world.inject({ method: 'POST', url: '/api/opsroom/logout', headers: { cookie }, payload: {} });
    expect(out.json().identity).toBeNull();
    expect(String(out.headers['set-cookie'])).toMatch(/^opsroom_session=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/);
    expect((await world.inject({ url: '/api/test/look', headers: { cookie } })).statusCode).toBe(401);

    const back = await world.inject({
      method: 'POST',
      url: '/api/opsroom/login',
      payload: { name: 'ana', password: PASSWORD },
    });
    expect(back.json().identity).toEqual({ name: 'ana', role: 'administrator', via: 'session' });
  });

  it('sets cookies that scripts cannot read, for https and the base path that a trusted proxy tells of', async () => {
    await open();
    const response = await world.inject({
      method: 'POST',
      url: '/api/opsroom/setup',
      payload: { token: world.setupToken(), name: 'ana', password: PASSWORD },
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-prefix': '/ops' },
    });
    for (const cookie of [response.headers['set-cookie']].flat()) {
      expect(cookie).toMatch(
        /^opsroom_(session|device)=[\w-]{43}; Path=\/ops\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
      );
    }
  });

  it('answers wrong passwords alike, and tells when to come back after too many', async () => {
    await open();
    await administrator();
    const login = (name: string) =>
      world.inject({ method: 'POST', url: '/api/opsroom/login', payload: { name, password: 'wrong' } });
    const [ana, nobody] = [await login('ana'), await login('nobody')];
    expect(ana.statusCode).toBe(401);
    expect(ana.body).toBe(nobody.body);
    for (let i = 0; i < 4; i++) await login('ana');
    const slowed = await login('ana');
    expect([slowed.statusCode, slowed.headers['retry-after']]).toEqual([429, '1']);
    expect(slowed.json().error).toMatchObject({ code: 'too_many_requests', retryAfterMs: 1000 });
  });

  it('says which field of a request is wrong', async () => {
    await open();
    const response = await world.inject({
      method: 'POST',
      url: '/api/opsroom/login',
      payload: { name: 1, password: 'x' },
    });
    expect([response.statusCode, response.json().error.code]).toEqual([400, 'bad_request']);
    expect(response.json().error.message).toContain('name: ');
  });
});

describe('roles', () => {
  it('are asked of every route', async () => {
    await open();
    const cookie = await administrator();
    const admin = { cookie };
    const token = async (role: string) => {
      const made = await world.inject({
        method: 'POST',
        url: '/api/opsroom/tokens',
        headers: admin,
        payload: { name: role, role },
      });
      expect(made.statusCode).toBe(201);
      return { authorization: `Bearer ${made.json().secret}` };
    };
    const [viewer, responder] = [await token('viewer'), await token('responder')];
    const status = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>) =>
      (await world.inject({ method, url, headers })).statusCode;
    const table: [
      method: 'GET' | 'POST',
      url: string,
      nobody: number,
      viewer: number,
      responder: number,
      admin: number,
    ][] = [
      ['GET', '/api/test/look', 401, 200, 200, 200],
      ['POST', '/api/test/act', 401, 403, 201, 201],
      ['GET', '/api/opsroom/accounts', 401, 403, 403, 200],
      ['GET', '/api/opsroom/audit', 401, 403, 403, 200],
      ['GET', '/api/opsroom/tokens', 401, 200, 200, 200],
      ['GET', '/metrics', 401, 200, 200, 200],
      ['POST', '/-/reload', 401, 403, 403, 200],
      ['GET', '/-/healthy', 200, 200, 200, 200],
      ['GET', '/-/ready', 200, 200, 200, 200],
      ['GET', '/api/opsroom/session', 200, 200, 200, 200],
      ['GET', '/alerts', 200, 200, 200, 200],
    ];
    for (const [method, url, ...expected] of table) {
      const got = [];
      for (const headers of [{}, viewer, responder, admin]) got.push(await status(method, url, headers));
      expect([url, ...got]).toEqual([url, ...expected]);
    }
  });

  it('of strangers hold where nothing is brought', async () => {
    await open({ config: { accounts: { anonymous: 'viewer' } } });
    expect((await world.inject({ url: '/api/test/look' })).json()).toMatchObject({ identity: { via: 'anonymous' } });
    expect((await world.inject({ method: 'POST', url: '/api/test/act' })).statusCode).toBe(403);
    const wrong = await world.inject({ url: '/api/test/look', headers: { authorization: 'Bearer x' } });
    expect(wrong.json()).toEqual({
      error: { code: 'unauthenticated', message: 'this token or password is not valid' },
    });
  });
});

describe('readiness', () => {
  it('ends while samples do not get to the disk, and says why', async () => {
    let problem = '';
    await open({ store: { health: () => ({ writable: problem === '', problem }) } as unknown as Store });
    const ready = async () => {
      const { statusCode, body } = await world.inject({ url: '/-/ready' });
      return [statusCode, body];
    };
    expect(await ready()).toEqual([200, 'Opsroom is Ready.\n']);
    problem = 'no space left in /data; make room';
    expect(await ready()).toEqual([503, 'Opsroom is not ready: no space left in /data; make room\n']);
    problem = '';
    expect(await ready()).toEqual([200, 'Opsroom is Ready.\n']);
  });
});

describe('accounts over HTTP', () => {
  it('are made, changed and removed by administrators', async () => {
    await open();
    const headers = { cookie: await administrator() };
    const made = await world.inject({
      method: 'POST',
      url: '/api/opsroom/accounts',
      headers,
      payload: { name: 'ben', password: PASSWORD, role: 'viewer' },
    });
    expect(made.json()).toMatchObject({ name: 'ben', role: 'viewer', sessions: 0 });
    const changed = await world.inject({
      method: 'PATCH',
      url: '/api/opsroom/accounts/ben',
      headers,
      payload: { role: 'responder' },
    });
    expect(changed.json()).toMatchObject({ role: 'responder' });
    const gone = await world.inject({ method: 'DELETE', url: '/api/opsroom/accounts/ben', headers });
    expect(gone.statusCode).toBe(204);
    const again = await world.inject({ method: 'DELETE', url: '/api/opsroom/accounts/ben', headers });
    expect([again.statusCode, again.json().error.message]).toEqual([404, 'there is no account "ben"']);
    const audit = await world.inject({ url: '/api/opsroom/audit?limit=2', headers });
    expect(audit.json().entries.map((entry: { kind: string }) => entry.kind)).toEqual([
      'account_removed',
      'account_changed',
    ]);
    const some = await world.inject({ url: '/api/opsroom/audit?kinds=setup,account_created&actor=ana', headers });
    expect(some.json().entries.map((entry: { kind: string }) => entry.kind)).toEqual(['account_created', 'setup']);
    const wrong = await world.inject({ url: '/api/opsroom/audit?kinds=setup,nonsense', headers });
    expect([wrong.statusCode, wrong.json().error.code]).toEqual([400, 'bad_request']);
  });

  it('change their own password', async () => {
    await open();
    const headers = { cookie: await administrator() };
    const payload = { oldPassword: PASSWORD, newPassword: 'battery staple' };
    expect((await world.inject({ method: 'POST', url: '/api/opsroom/password', headers, payload })).statusCode).toBe(
      204,
    );
    expect((await world.inject({ method: 'POST', url: '/api/opsroom/password', headers, payload })).statusCode).toBe(
      401,
    );
  });
});

describe('origins', () => {
  it('keep other sites from acting with a cookie', async () => {
    await open();
    const cookie = await administrator();
    const act = (headers: Record<string, string>) =>
      world.inject({ method: 'POST', url: '/api/test/act', headers: { cookie, host: 'ops:3000', ...headers } });
    expect((await act({ origin: 'http://ops:3000' })).statusCode).toBe(201);
    const refused = await act({ origin: 'https://evil.example' });
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error.message).toContain('--allow-origin https://evil.example');
    expect((await act({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  });

  it('that the configuration allows may act and read', async () => {
    await open({ config: { process: { allowedOrigins: ['https://wall.example'] } } });
    const headers = { origin: 'https://wall.example', 'access-control-request-method': 'POST' };
    const preflight = await world.inject({ method: 'OPTIONS', url: '/api/test/act', headers });
    expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://wall.example',
    ]);
    const other = await world.inject({
      method: 'OPTIONS',
      url: '/api/test/act',
      headers: { ...headers, origin: 'https://x.example' },
    });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the page', () => {
  it('has its base path in it and allows no script but its own', async () => {
    await open({ config: { process: { basePath: '/ops' } } });
    await world.app.listen(0, '127.0.0.1');
    const url = await world.app.getUrl();
    for (const path of ['/ops/', '/ops/alerts/abc', '/alerts?q=1', '/ops']) {
      const response = await fetch(url + path);
      expect(await response.text()).toContain('<base href="/ops/" />');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
    expect((await fetch(`${url}/ops/-/healthy`)).status).toBe(200);
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${url}/opsroom`)).status).toBe(200);
    // Expressions in URLs may be long.
    expect((await fetch(`${url}/explore?expr=${'x'.repeat(100_000)}`)).status).toBe(200);
  });

  it('has the prefix of a trusted proxy as base', async () => {
    await open();
    const response = await world.inject({ url: '/', headers: { 'x-forwarded-prefix': '/team/ops' } });
    expect(response.body).toContain('<base href="/team/ops/" />');
  });

  it('sends hashed files compressed, for ever', async () => {
    await open();
    const response = await world.inject({
      url: '/assets/index-BbCcDdEe.js',
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(response.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(brotliDecompressSync(response.rawPayload).toString()).toMatch(/^console/);
    const again = await world.inject({
      url: '/assets/index-BbCcDdEe.js',
      headers: { 'accept-encoding': 'gzip, br', 'if-none-match': String(response.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    '/assets/old-AaAaAaAa.js',
    '/favicon.ico',
    '/api/nothing',
    '/socket.io/x',
    '/-/nothing',
    '/../package.json',
    '/%2e%2e/x.js',
    '/%',
  ])('does not pass for %s', async (url) => {
    await open();
    const response = await world.inject({ url });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.body).not.toContain('<div id="app">');
  });

  it('says how to build it when it is not there', async () => {
    await open({ pageFolder: '/nonexistent' });
    const response = await world.inject({ url: '/' });
    expect([response.statusCode, response.body]).toEqual([503, expect.stringContaining('npm run build')]);
  });
});

describe('answers', () => {
  it('are compressed for those who take it', async () => {
    await open({ config: { accounts: { anonymous: 'viewer' } } });
    const response = await world.inject({ url: '/api/test/look', headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers['content-encoding']).toBe('gzip');
  });

  it('carry the words of a refusal', async () => {
    await open({ config: { accounts: { anonymous: 'viewer' } } });
    const response = await world.inject({ url: '/api/test/refuse' });
    expect([response.statusCode, response.json()]).toEqual([
      409,
      { error: { code: 'conflict', message: 'this link has been used', winner: 'ben' } },
    ]);
  });

  it('tell nothing of the inside when the server fails', async () => {
    await open({ config: { accounts: { anonymous: 'viewer' } } });
    const response = await world.inject({ url: '/api/test/fail' });
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({ error: { code: 'internal', message: 'the server failed; its log says why' } });
  });

  it.each<['GET' | 'POST', string, object]>([
    ['GET', '/api/nothing', { error: { code: 'not_found', message: 'Cannot GET /api/nothing' } }],
    ['GET', '/api/v1/nothing', { status: 'error', errorType: 'not_found', error: 'Cannot GET /api/v1/nothing' }],
    ['POST', '/api/nothing', { error: { code: 'not_found', message: 'Cannot POST /api/nothing' } }],
  ])('of %s %s say that nothing is there', async (method, url, body) => {
    await open();
    const response = await world.inject({ method, url });
    expect([response.statusCode, response.json()]).toEqual([404, body]);
  });
});

describe('reload', () => {
  it('runs every handler and names those that failed', async () => {
    await open({ config: { accounts: { anonymous: 'administrator' } } });
    const reloads = world.app.get(ReloadService);
    let runs = 0;
    reloads.register('templates', () => {
      runs++;
    });
    expect((await world.inject({ method: 'POST', url: '/-/reload' })).statusCode).toBe(200);
    reloads.register('rules', () => {
      throw new Error('rules/a.yml:3: no');
    });
    const failed = await world.inject({ method: 'PUT', url: '/-/reload' });
    expect([failed.statusCode, failed.body]).toEqual([500, 'failed to reload rules: rules/a.yml:3: no\n']);
    expect([runs, reloads.successful]).toEqual([2, false]);
  });
});

describe('metrics', () => {
  it('are this process in the text format', async () => {
    await open({ config: { accounts: { anonymous: 'viewer' } } });
    const response = await world.inject({ url: '/metrics' });
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(response.body).toContain('process_resident_memory_bytes');
  });
});
