import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testConfig } from './config/config.fixture.js';
import { createServer } from './server.js';

describe('the whole application', () => {
  it('boots, is ready, and closes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'opsroom-boot-'));
    const app = await createServer(testConfig({ process: { dataDir, port: 0 }, accounts: { anonymous: 'viewer' } }));
    try {
      await app.listen(0, '127.0.0.1');
      const url = await app.getUrl();
      expect((await fetch(`${url}/-/ready`)).status).toBe(200);
      expect(await (await fetch(`${url}/api/opsroom/session`)).json()).toMatchObject({ anonymous: 'viewer' });
    } finally {
      await app.close();
      rmSync(dataDir, { recursive: true });
    }
  }, 30_000);
});
