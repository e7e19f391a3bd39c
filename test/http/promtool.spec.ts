import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Administrator } from '../support/administrator.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const run = promisify(execFile);

/** Prometheus's own command line as a client, with a token as the password in the address. */
describe('promtool', () => {
  let opsroom: OpsroomProcess;
  let server: string;
  const promtool = async (...args: string[]): Promise<string> => (await run('promtool', ['query', ...args])).stdout;

  beforeAll(async () => {
    opsroom = await OpsroomProcess.start();
    const secret = await (await Administrator.enter(opsroom)).token('promtool', 'viewer');
    server = opsroom.url.replace('http://', `http://x:${secret}@`);
    await eventually('the host has been sampled twice', async () => {
      const text = await promtool('instant', server, 'count_over_time(node_load1[1m]) > 1');
      return text.includes('=>');
    });
  }, 60_000);

  afterAll(() => opsroom.stop());

  it('asks for a value now', async () => {
    expect(await promtool('instant', server, 'node_load1')).toMatch(
      /^node_load1\{.*job="node".*\} => [\d.]+ @\[[\d.]+\]\n$/,
    );
  });

  it('asks for values over time', async () => {
    const end = Math.floor(Date.now() / 1000);
    const text = await promtool('range', server, 'vector(7)', `--start=${end - 4}`, `--end=${end}`, '--step=2s');
    expect(text).toBe(`{} =>\n7 @[${end - 4}]\n7 @[${end - 2}]\n7 @[${end}]\n`);
  });

  it('asks for series and label values', async () => {
    expect(await promtool('series', server, '--match=node_load1')).toContain('__name__="node_load1"');
    expect((await promtool('labels', server, 'job')).split('\n')).toContain('node');
  });

  it('is told what is wrong with a query', async () => {
    await expect(promtool('instant', server, 'sum(')).rejects.toMatchObject({
      stderr: expect.stringMatching(
        /bad_data: invalid parameter "query": 1:\d+: parse error: unclosed left parenthesis/,
      ),
    });
  });

  it('gets nothing without the token', async () => {
    await expect(promtool('instant', opsroom.url, 'node_load1')).rejects.toMatchObject({
      stderr: expect.stringContaining('401'),
    });
  });

  it('finds nothing wrong with the metrics of the server itself', async () => {
    const response = await fetch(`${opsroom.url}/metrics`, {
      headers: { authorization: `Bearer ${new URL(server).password}` },
    });
    const check = spawn('promtool', ['check', 'metrics']);
    check.stdin.end(await response.text());
    let output = '';
    for (const stream of [check.stdout, check.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const code = await new Promise((resolve) => check.once('close', resolve));
    expect([code, output]).toEqual([0, '']);
  });
});
