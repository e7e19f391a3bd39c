import { ConfigError } from './config-error.js';
import { parseProcessOptions } from './process-options.js';
import { readFileSync } from 'node:fs';
import { switches, usage } from './switches.js';

const parse = (argv: string[], env: Record<string, string> = {}) => parseProcessOptions(argv, env, '/srv');

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('parseProcessOptions', () => {
  it('listens on loopback and keeps its data beside it when nothing is said', () => {
    expect(parse([])).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDir: '/srv/data',
      configFile: undefined,
      basePath: '',
      externalUrl: 'http://127.0.0.1:3000',
      trustedProxies: [],
      allowedOrigins: [],
      checkConfig: false,
      help: false,
      version: false,
      overrides: [],
    });
  });

  it('takes a value after a blank or an equals sign', () => {
    expect(parse(['--port', '21300', '--host=0.0.0.0', '--config=ops.yml'])).toMatchObject({
      port: 21300,
      host: '0.0.0.0',
      configFile: '/srv/ops.yml',
    });
  });

  it('prefers a switch to the environment', () => {
    const env = { OPSROOM_PORT: '4000', OPSROOM_DATA: '/var/lib/opsroom' };
    expect(parse(['--port', '5000'], env)).toMatchObject({ port: 5000, dataDir: '/var/lib/opsroom' });
  });

  it.each([
    [['--host', '::1', '--port', '81', '--base-path', 'ops'], 'http://[::1]:81/ops'],
    [['--external-url', 'https://ops.example.org/ops/'], 'https://ops.example.org/ops'],
  ])('knows where people reach it: %j', (argv, externalUrl) => {
    expect(parse(argv).externalUrl).toBe(externalUrl);
  });

  it('does not mistake what Kubernetes says about a service of its name for a port', () => {
    expect(parse([], { OPSROOM_PORT: 'tcp://10.0.0.1:80' }).port).toBe(3000);
  });

  it('gathers proxies and origins from repeated switches and comma-separated variables', () => {
    expect(
      parse(['--allow-origin', 'https://b.example/', '--trusted-proxy', '10.0.0.0/8'], {
        OPSROOM_ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173',
      }),
    ).toMatchObject({
      allowedOrigins: ['https://a.example', 'http://localhost:5173', 'https://b.example'],
      trustedProxies: ['10.0.0.0/8'],
    });
  });

  it.each([
    ['/ops', '/ops'],
    ['ops/', '/ops'],
    ['/a//b/', '/a/b'],
    ['/', ''],
  ])('reads base path %s as "%s"', (given, expected) => expect(parse(['--base-path', given]).basePath).toBe(expected));

  it('takes every setting of our own sections, dashes or underscores', () => {
    const { overrides } = parse(
      ['--storage.retention=0', '--query.experimental-functions', '--storage.out_of_order_window', '1h'],
      { OPSROOM_QUERY_DELAYED_NAME_REMOVAL: 'true' },
    );
    expect(overrides).toEqual([
      { section: 'query', key: 'delayed_name_removal', value: 'true', from: 'OPSROOM_QUERY_DELAYED_NAME_REMOVAL' },
      { section: 'storage', key: 'retention', value: '0', from: '--storage.retention' },
      { section: 'query', key: 'experimental_functions', value: 'true', from: '--query.experimental-functions' },
      { section: 'storage', key: 'out_of_order_window', value: '1h', from: '--storage.out-of-order-window' },
    ]);
  });

  it('lets a switch that stands alone be followed by another or by its value', () => {
    expect(parse(['--query.experimental-functions', 'false', '--port', '1']).overrides[0].value).toBe('false');
    expect(parse(['--query.experimental-functions', '--port', '1']).port).toBe(1);
  });

  it('names every mistake at once, with the nearest known switch', () => {
    const problems = problemsOf(() =>
      parse([
        '--prot',
        '80',
        '--storage.retenton=1d',
        '--port',
        'http',
        'serve',
        '--allow-origin',
        'ops',
        '--trusted-proxy',
        '10.0.0.0/99',
        '--base-path',
        '/a b',
        '--data',
      ]),
    );
    expect(problems).toEqual([
      'unknown switch --prot; did you mean "port"?',
      'unknown switch --storage.retenton; did you mean "storage.retention"?',
      '"serve" is not a switch; they start with --, see --help',
      '--data needs a value: --data FOLDER',
      '--allow-origin: "ops" is not an origin; write it as https://ops.example.org, without a path',
      '--port: "http" is not a port from 0 to 65535',
      '--base-path: "/a b" is not a path such as /opsroom',
      '--trusted-proxy: "10.0.0.0/99" is neither an address nor a network such as 10.0.0.0/8',
    ]);
  });
});

describe('docs/configuration.md', () => {
  it('has every switch', () => {
    const text = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const missing = switches.map(({ name }) => `--${name}`).filter((name) => !text.includes(`\`${name}`));
    expect(missing).toEqual([]);
  });
});

describe('usage', () => {
  it('has a line for every setting', () => {
    expect(usage()).toMatch(/--storage\.out-of-order-window VALUE +how much older/);
    expect(usage()).toMatch(/--check-config +read the configuration/);
  });
});
