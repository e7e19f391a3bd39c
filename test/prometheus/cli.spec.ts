import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../../apps/api/src/cli/commands.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const BUILT = join(import.meta.dirname, '../../apps/api/dist/cli.js');
const execute = promisify(execFile);

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(program: string, args: readonly string[]): Promise<Outcome> {
  try {
    const { stdout, stderr } = await execute(program, args, { env: { ...process.env, NODE_OPTIONS: '' } });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

const promtool = (...args: string[]): Promise<Outcome> => run('promtool', args);

async function opsroom(...args: string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await runCommand(args, { out: (text) => (out += text), err: (text) => (err += text), env: {} });
  return { code, out, err };
}

const FILES = {
  'good.yml': 'groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n  - record: r\n    expr: up\n',
  'bad.yml': 'groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: rat(up)\n',
  'twice.yml': 'groups:\n- name: g\n  rules:\n  - {record: r, expr: up}\n  - {record: r, expr: down}\n',
  'broken.yml': 'groups: [\n',
  'config.yml': 'global: {scrape_interval: 5s}\nrule_files: [good.yml]\n',
  'wrong.yml': 'global: {scrape_intervall: 5s}\n',
  'lost.yml': 'rule_files: [none.yml]\n',
};

describe('the command line beside promtool', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-cli-'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [['rules', 'good.yml']],
    [['rules', 'bad.yml']],
    [['rules', 'broken.yml']],
    [['rules', 'none.yml']],
    [['rules', 'good.yml', 'bad.yml']],
    [['rules', '--lint-fatal', 'twice.yml']],
    [['config', 'config.yml']],
    [['config', 'wrong.yml']],
    [['config', 'lost.yml']],
    [['rules']],
  ])('exits alike after check %j', async (args) => {
    const paths = args.map((arg) => (arg.endsWith('.yml') ? join(folder, arg) : arg));
    const [ours, theirs] = await Promise.all([opsroom('check', ...paths), promtool('check', ...paths)]);
    expect(ours.code).toBe(theirs.code);
  });

  it('prints alike what it found of rules', async () => {
    const path = join(folder, 'good.yml');
    expect(await opsroom('check', 'rules', path)).toEqual(await promtool('check', 'rules', path));
  });

  it.each(['passing.yml', 'failing.yml'])('runs the tests of %s alike, as a process of its own', async (name) => {
    const path = join(import.meta.dirname, '../alerts/rule-tests', name);
    const [ours, theirs] = await Promise.all([
      run(process.execPath, ['--no-warnings', BUILT, 'test-rules', path]),
      promtool('test', 'rules', path),
    ]);
    expect(ours).toEqual(theirs);
  });

  describe('asks a server', () => {
    let server: OpsroomProcess;
    beforeAll(async () => {
      server = await OpsroomProcess.start({ args: ['--accounts.anonymous', 'viewer'] });
    }, 60_000);
    afterAll(() => server.stop());

    it.each([
      '1.5',
      'vector(1)',
      'vector(1e30)',
      'vector(-1.5e-9)',
      'vector(Inf) or label_replace(vector(NaN), "b", "x \\"y\\" ü", "", "")',
      'label_replace(vector(-Inf), "__name__", "x", "", "")',
      'nothing',
      'sum(',
    ])('for %s at one moment and prints alike', async (expr) => {
      const [ours, theirs] = await Promise.all([
        opsroom('query', '--url', server.url, '--time', '1435781430.781', expr),
        promtool('query', 'instant', '--time=1435781430.781', server.url, expr),
      ]);
      expect(ours).toEqual(theirs);
    });

    it.each(['vector(time())', 'time()', 'vector(1) or label_replace(vector(2), "a", "b", "", "")', 'nothing', '1 +'])(
      'for %s over time and prints alike',
      async (expr) => {
        const range = ['--start=2020-01-01T00:00:00Z', '--end=1577836820', '--step=10s'];
        const [ours, theirs] = await Promise.all([
          opsroom('query', `--url=${server.url}/`, ...range, expr),
          promtool('query', 'range', ...range, server.url, expr),
        ]);
        expect(ours).toEqual(theirs);
      },
    );

    // promtool itself cannot read a text.
    it('for a text', async () => {
      expect(await opsroom('query', '--url', server.url, '"a text"')).toEqual({ code: 0, out: 'a text\n', err: '' });
    });
  });
});
