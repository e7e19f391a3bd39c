import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.fixture.js';
import { freePort } from './free-port.fixture.js';

const MAIN = join(import.meta.dirname, '../../apps/api/dist/main.js');

export interface OpsroomOptions {
  /** Command line beside host, port and data folder. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The built server as a process of its own, on loopback, with a data folder that outlives its kills. */
export class OpsroomProcess {
  private child: ChildProcess | undefined;
  /** Everything that it has printed, over all starts. */
  output = '';

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly options: OpsroomOptions,
  ) {}

  /** Starts on a fresh data folder and waits until it is ready. */
  static async start(options: OpsroomOptions = {}): Promise<OpsroomProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), 'opsroom-'));
    const opsroom = new OpsroomProcess(await freePort(), dataDir, options);
    await opsroom.restart();
    return opsroom;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts again on the same port and data. */
  async restart(): Promise<void> {
    const args = [
      '--host',
      '127.0.0.1',
      '--port',
      String(this.port),
      '--data',
      this.dataDir,
      ...(this.options.args ?? []),
    ];
    const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...this.options.env },
    });
    this.child = child;
    let exited = false;
    child.on('exit', () => (exited = true));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    try {
      await eventually('the server is ready', async () => exited || (await fetch(`${this.url}/-/ready`)).ok);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`the server did not get ready:\n${this.output}`, { cause: error });
    }
    if (exited) throw new Error(`the server ended while it started:\n${this.output}`);
  }

  /** SIGKILL: no goodbye, no flush. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** SIGTERM, then the data folder goes too. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }
}
