import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

/** The built server with a configuration of its own and no rules; strangers act as responders. */
export class TellingServer {
  private constructor(
    private readonly folder: string,
    readonly opsroom: OpsroomProcess,
  ) {}

  static async start(config: string): Promise<TellingServer> {
    const folder = mkdtempSync(join(tmpdir(), 'opsroom-telling-'));
    const path = join(folder, 'opsroom.yml');
    writeFileSync(path, `rule_files: [${join(folder, 'none-*.yml')}]\n${config}`);
    const opsroom = await OpsroomProcess.start({ args: ['--config', path, '--accounts.anonymous', 'responder'] });
    return new TellingServer(folder, opsroom);
  }

  async stop(): Promise<void> {
    await this.opsroom.stop();
    rmSync(this.folder, { recursive: true });
  }

  async get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.opsroom.url + path);
    return { status: response.status, body: await response.json() };
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.opsroom.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }
}
