import { type ChildProcess, spawn } from 'node:child_process';
import { eventually } from './eventually.fixture.js';

/** A program of somebody else's that a test talks to, on loopback, ended by `stop`. */
export class Peer {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts it and waits until `readyPath` answers with 200. */
  static async start(program: string, args: readonly string[], url: string, readyPath: string): Promise<Peer> {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const peer = new Peer(child, url);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (peer.output += text.toString()));
    try {
      await eventually(`${program} answers`, async () => (await fetch(url + readyPath)).ok);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not come up:\n${peer.output}`, { cause: error });
    }
    return peer;
  }

  stop(): Promise<void> {
    if (this.child.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGKILL');
    });
  }
}
