import type { Browser } from 'playwright-core';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launchBrowser, openContext } from '../support/browser.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** The folder of examples from an origin of its own. */
async function servePage(): Promise<{ server: Server; origin: string }> {
  const page = readFileSync(join(EXAMPLES, 'page.html'));
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the examples', () => {
  let opsroom: OpsroomProcess;
  let page: Awaited<ReturnType<typeof servePage>>;
  let browser: Browser;

  beforeAll(async () => {
    page = await servePage();
    const args = ['--accounts.anonymous', 'viewer', '--allow-origin', page.origin];
    [opsroom, browser] = await Promise.all([OpsroomProcess.start({ args }), launchBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await opsroom.stop();
    page.server.close();
  });

  it('show a topic live on a page of another origin, with nothing but what the server serves', async () => {
    const { page: tab, errors } = await openContext(browser, page.origin);
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(new URL(request.url()).origin));
    await tab.goto(`/page.html?server=${opsroom.url}`);
    await tab.locator('#state', { hasText: /^live, \d+\.\d s old$/ }).waitFor({ timeout: 20_000 });
    await tab.locator('#rows tr', { hasText: '"mode":"idle"' }).waitFor({ timeout: 20_000 });
    await tab.fill('#expr', 'rat(x)');
    await tab.press('#expr', 'Enter');
    await tab.locator('#state', { hasText: 'unknown function' }).waitFor({ timeout: 20_000 });
    expect(errors).toEqual([]);
    expect(new Set(asked)).toEqual(new Set([page.origin, opsroom.url]));
  }, 60_000);

  it('print values in a terminal', async () => {
    const script = spawn(process.execPath, [join(EXAMPLES, 'watch.mjs'), 'node_load1', opsroom.url]);
    const line = await new Promise<string>((resolve) => {
      let output = '';
      script.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        if (output.includes('\n')) resolve(output.split('\n')[0]);
      });
    });
    script.kill();
    expect(line).toMatch(/^live \d+ \{.*__name__: 'node_load1'.*\} \d/);
  }, 30_000);
});
