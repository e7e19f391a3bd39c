import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openContext } from '../support/browser.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const SCREENSHOTS = join(import.meta.dirname, '../../screenshots/first-light');
const PASSWORD = 'correct horse battery staple';
/** CPU in per cent over the last ten seconds: the same expression for the rule and for what the test asks. */
const CPU = '100 - avg(rate(node_cpu_seconds_total{mode="idle"}[10s])) * 100';
const RULES = `
groups:
  - name: load
    interval: 1s
    rules:
      - alert: CpuBusy
        expr: ${CPU} > 85
        for: 3s
        labels: { severity: critical }
        annotations: { summary: 'CPU at {{ $value | printf "%.0f" }} %' }
`;

interface Person {
  readonly page: Page;
  readonly errors: string[];
}

describe('from a real sample to an acknowledged alert, over a kill', () => {
  let folder: string;
  let opsroom: OpsroomProcess;
  let browser: Browser;
  let ana: Person;
  let ben: Person;
  let load: ChildProcess[] = [];
  /** Each step builds on the one before: after a failure the others would only wait for what cannot come. */
  let going = true;

  const step = (name: string, run: () => Promise<void> | void, timeoutMs: number): void => {
    it(
      name,
      async () => {
        if (!going) throw new Error('an earlier step failed');
        going = false;
        try {
          await run();
        } catch (error) {
          await Promise.all([shoot(ana, 'failed'), shoot(ben, 'failed-phone')]);
          throw error;
        }
        going = true;
      },
      timeoutMs,
    );
  };

  const row = (person: Person) => person.page.locator('article', { hasText: 'CpuBusy' });
  const shoot = (person: Person, name: string) => person.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  const stopLoad = (): void => {
    for (const child of load) child.kill('SIGKILL');
    load = [];
  };

  /** Newest drawn sample of the page's charts, ms since 1970; charts without data do not count. */
  const newestDrawn = (person: Person): Promise<number> =>
    person.page
      .locator('[data-newest-ms]')
      .evaluateAll((charts) => Math.max(0, ...charts.map((chart) => Number(chart.getAttribute('data-newest-ms')))));

  /** Charts in sight have drawn a sample of the last seconds; on a phone they stand below the alerts. */
  const isLive = async (person: Person): Promise<boolean> => {
    await person.page.locator('canvas').first().scrollIntoViewIfNeeded();
    return Date.now() - (await newestDrawn(person)) < 3_000;
  };

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'opsroom-first-light-'));
    writeFileSync(join(folder, 'rules.yml'), RULES);
    writeFileSync(join(folder, 'opsroom.yml'), `rule_files: ['${join(folder, 'rules.yml')}']\n`);
    opsroom = await OpsroomProcess.start({ args: ['--config', join(folder, 'opsroom.yml')] });
    browser = await launchBrowser();
    ana = await openContext(browser, opsroom.url);
    ben = await openContext(browser, opsroom.url, { width: 360, height: 780 });
  }, 90_000);

  afterAll(async () => {
    stopLoad();
    await browser.close();
    await opsroom.stop();
    rmSync(folder, { recursive: true });
  });

  step(
    'makes the first administrator from the link that the first start printed',
    async () => {
      const link = /open (\S+\/setup\?token=\S+)/.exec(opsroom.output)?.[1];
      expect(link).toBeDefined();
      await ana.page.goto(link ?? '');
      await ana.page.getByLabel('Name').fill('ana');
      await ana.page.locator('input[name="new-password"]').fill(PASSWORD);
      await ana.page.locator('input[name="new-password-again"]').fill(PASSWORD);
      await ana.page.getByRole('button', { name: 'Set up and log in' }).click();
      await ana.page.getByRole('region', { name: 'Alerts' }).waitFor();
    },
    30_000,
  );

  step(
    'lets a colleague log in, who then is where he wanted to be',
    async () => {
      const made = await ana.page.request.post('/api/opsroom/accounts', {
        data: { name: 'ben', password: PASSWORD, role: 'responder' },
        headers: { origin: opsroom.url },
      });
      expect(made.status()).toBe(201);
      await ben.page.goto('/alerts');
      await ben.page.getByLabel('Name').fill('ben');
      await ben.page.locator('input[type="password"]').fill(PASSWORD);
      await ben.page.getByRole('button', { name: 'Log in' }).click();
      await ben.page.waitForURL((url) => url.pathname === '/alerts');
      await ben.page.goto('/');
    },
    30_000,
  );

  step(
    'shows live charts of this machine to both',
    async () => {
      for (const person of [ana, ben]) await eventually('the charts are live', () => isLive(person), 30_000);
      await shoot(ana, '1-quiet');
    },
    70_000,
  );

  step(
    'fires in both when the processor is really busy',
    async () => {
      load = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      for (const person of [ana, ben])
        await row(person).getByRole('button', { name: 'Acknowledge' }).waitFor({ timeout: 60_000 });
      const { data } = (await (
        await ana.page.request.get(`/api/v1/query?query=${encodeURIComponent(CPU)}`)
      ).json()) as {
        data: { result: { value: [number, string] }[] };
      };
      expect(Number(data.result[0].value[1])).toBeGreaterThan(85);
      await shoot(ana, '2-firing');
      await shoot(ben, '2-firing-phone');
    },
    130_000,
  );

  step(
    'shows ben at once that ana has it',
    async () => {
      await row(ana).getByRole('button', { name: 'Acknowledge' }).click();
      await row(ben).getByText('ana').waitFor({ timeout: 5_000 });
      await shoot(ben, '3-acknowledged-phone');
    },
    30_000,
  );

  step(
    'comes back by itself after SIGKILL, with the acknowledgement and the samples',
    async () => {
      const killedMs = Date.now();
      await opsroom.kill();
      for (const person of [ana, ben])
        await person.page
          .getByRole('status', { name: /lost|silent/ })
          .first()
          .waitFor({ timeout: 20_000 });
      await shoot(ana, '4-lost');
      await opsroom.restart();
      for (const person of [ana, ben]) {
        await eventually('the page is live again', () => isLive(person), 45_000);
        await row(person).getByText('ana').waitFor({ timeout: 10_000 });
      }
      const backMs = Date.now();
      stopLoad();
      await shoot(ana, '5-back');

      const query = new URLSearchParams({
        query: 'count_over_time(node_load1[2s])',
        start: String(killedMs / 1000 - 15),
        end: String(backMs / 1000),
        step: '1',
      });
      const answer = await ana.page.request.get(`/api/v1/query_range?${query.toString()}`);
      const { data } = (await answer.json()) as { data: { result: { values: [number, string][] }[] } };
      const times = data.result[0].values.map(([seconds]) => seconds * 1000);
      const before = times.filter((ms) => ms < killedMs);
      // From the first sample to the kill there is one each second; at most the last one is missing, and the window's own edge.
      const seconds = Math.floor((killedMs - Math.max(killedMs - 15_000, Math.min(...times))) / 1000);
      expect(seconds).toBeGreaterThan(3);
      expect(before.length).toBeGreaterThanOrEqual(seconds - 1);
      expect(killedMs - Math.max(...before)).toBeLessThan(3_000);
      expect(backMs - Math.max(...times)).toBeLessThan(3_000);
    },
    120_000,
  );

  step(
    'has not confused either page',
    () => {
      expect([...ana.errors, ...ben.errors]).toEqual([]);
    },
    5_000,
  );
});
