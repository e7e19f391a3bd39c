import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './commands.js';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function opsroom(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await runCommand(args, { out: (text) => (out += text), err: (text) => (err += text), env });
  return { code, out, err };
}

describe('the command line', () => {
  it.each<[string[], string]>([
    [['querry', 'up'], 'unknown command "querry"; did you mean "query"?'],
    [['query'], 'it needs an expression'],
    [['query', 'up', 'down'], 'put it in quotes'],
    [['query', '--strat', '1', 'up'], 'unknown switch --strat; did you mean "start"?'],
    [['query', '--time', 'yesterday', 'up'], '"yesterday" is no time'],
    [['query', '--time', '1', '--end', '2', 'up'], '--time asks for one moment'],
    [['query', '--start', '2', '--end', '1', 'up'], '--start is after --end'],
    [['query', '--step', '0s', 'up'], '"0s" is no duration'],
    [['query', '--url', 'localhost', 'up'], '"localhost" is no address'],
    [['check', 'rule', 'a.yml'], 'it checks "config" or "rules", not "rule"'],
    [['check', 'rules'], 'check rules needs a file'],
    [['check', 'rules', '--lint-fatal=1', 'a.yml'], '--lint-fatal takes no value'],
    [['test-rules'], 'it needs a file of tests'],
    [['test-rules', 'none.yml'], 'there is no file none.yml'],
  ])('refuses %j and says what was meant', async (args, said) => {
    const { code, out, err } = await opsroom(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(said);
  });

  it.each([[['--help']], [['query', '--help']], [['check', '-h']], [['test-rules', '--help']]])(
    'explains itself: %j',
    async (args) => {
      const { code, out } = await opsroom(args);
      expect(code).toBe(0);
      expect(out).toMatch(/^npm run opsroom -- .*\n$/s);
    },
  );

  it('prints the version', async () => {
    expect((await opsroom(['version'])).out).toMatch(/^opsroom \d+\.\d+\.\d+\n$/);
  });
});

describe('check', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'opsroom-check-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const WRONG =
    'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: rat(up)\n  - alert: B\n    for: soon\n    expr: up\n';

  it('says everything that is wrong with rules, with file and line', async () => {
    const path = write('bad.yml', WRONG);
    const { code, out, err } = await opsroom(['check', 'rules', path]);
    expect({ code, out }).toEqual({ code: 1, out: `Checking ${path}\n\n` });
    expect(err.split('\n')).toEqual([
      '  FAILED:',
      `${path}:5: unknown function "rat"; did you mean "rate"?`,
      `${path}:7: not a valid duration: "soon"; write it as 30s, 5m or 1h30m`,
      '',
    ]);
  });

  it('warns of rules that are there twice', async () => {
    const path = write(
      'twice.yml',
      'groups:\n- name: g\n  rules:\n  - {record: r, expr: up}\n  - {record: r, expr: down}\n',
    );
    const { code, err } = await opsroom(['check', 'rules', path]);
    expect({ code, err }).toEqual({ code: 0, err: '  WARNING: 1 duplicate rule(s) found.\n    r\n' });
    expect((await opsroom(['check', 'rules', '--lint-fatal', path])).code).toBe(3);
  });

  it('takes experimental functions where they are asked for', async () => {
    const path = write('new.yml', 'groups:\n- name: g\n  rules:\n  - {record: r, expr: "limitk(1, up)"}\n');
    expect((await opsroom(['check', 'rules', path])).code).toBe(1);
    expect((await opsroom(['check', 'rules', '--experimental', path])).code).toBe(0);
  });

  it('says everything that is wrong with a configuration', async () => {
    const path = write('opsroom.yml', 'global: {scrape_intervall: 5s}\nstorage: {retention: soon}\n');
    const { code, err } = await opsroom(['check', 'config', path]);
    expect(code).toBe(1);
    expect(err).toContain('opsroom.yml:1: unknown key "scrape_intervall" in global; did you mean "scrape_interval"?');
    expect(err).toContain('opsroom.yml:2: storage.retention');
  });

  it('checks the rules that a configuration names, and misses none of their files', async () => {
    write('bad.yml', WRONG);
    const path = write('opsroom.yml', 'rule_files: [none.yml, bad.yml]\n');
    const { code, err } = await opsroom(['check', 'config', path]);
    expect(code).toBe(1);
    expect(err).toContain(`there is no rule file ${join(folder, 'none.yml')}`);
    expect(err).toContain('bad.yml:5: unknown function');
    expect(err).toContain('bad.yml:7: not a valid duration');
  });
});

describe('query', () => {
  async function asking(answer: RequestListener, args: readonly string[], env: Record<string, string> = {}) {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return await opsroom(args, { OPSROOM_URL: `http://127.0.0.1:${port}`, ...env });
    } finally {
      server.close();
    }
  }
  const replying =
    (body: string): RequestListener =>
    (_, response) =>
      response.end(body);
  /** Answers with the credentials that it was shown, as a string. */
  const mirror: RequestListener = (request, response) =>
    response.end(
      JSON.stringify({
        status: 'success',
        data: { resultType: 'string', result: [0, `${request.url} ${request.headers.authorization ?? 'nobody'}`] },
      }),
    );

  it('shows the token of the command line or the environment', async () => {
    expect((await asking(mirror, ['query', 'up'])).out).toBe('/api/v1/query nobody\n');
    expect((await asking(mirror, ['query', 'up'], { OPSROOM_TOKEN: 'a' })).out).toBe('/api/v1/query Bearer a\n');
    expect((await asking(mirror, ['query', '--token', 'b', '--step', '5m', 'up'], { OPSROOM_TOKEN: 'a' })).out).toBe(
      '/api/v1/query_range Bearer b\n',
    );
  });

  it('prints native histograms with their buckets', async () => {
    const histogram = {
      count: '3',
      sum: '4.5',
      buckets: [
        [3, '-0.1', '0.1', '1'],
        [0, '0.5', '1', '2'],
      ],
    };
    const body = {
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: { a: 'b' }, histogram: [5, histogram] }] },
    };
    expect((await asking(replying(JSON.stringify(body)), ['query', 'x'])).out).toBe(
      '{a="b"} => Count: 3.000000, Sum: 4.500000, Buckets: [[-0.1,0.1]:1 (0.5,1]:2] @[5]\n',
    );
  });

  it('prints warnings beside the answer', async () => {
    const body = { status: 'success', data: { resultType: 'vector', result: [] }, warnings: ['a'], infos: ['b'] };
    expect(await asking(replying(JSON.stringify(body)), ['query', 'x'])).toEqual({
      code: 0,
      out: '\n',
      err: 'warning: a\nwarning: b\n',
    });
  });

  it.each([
    ['{"status":"error","errorType":"timeout","error":"too long"}', /^query error: timeout: too long\n$/],
    ['<html>', /^query error: http.*: 200 OK: <html>\n$/],
    ['null', /^query error: http.*: 200 OK: null\n$/],
  ])('says what the server answered: %s', async (body, said) => {
    const { code, err } = await asking(replying(body), ['query', 'x']);
    expect(code).toBe(1);
    expect(err).toMatch(said);
  });

  it('says that nobody answers', async () => {
    const { code, err } = await opsroom(['query', '--url', 'http://127.0.0.1:9', 'up']);
    expect(code).toBe(1);
    expect(err).toMatch(/^query error: http:\/\/127\.0\.0\.1:9\/api\/v1\/query: .+\n$/);
  });
});
