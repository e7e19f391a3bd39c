import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openContext } from '../support/browser.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const PASSWORD = 'correct horse battery staple';
const RULE = 'groups:\n- name: always\n  interval: 1s\n  rules:\n  - alert: Always\n    expr: vector(1)\n';

describe('with the keyboard alone', () => {
  let folder: string;
  let opsroom: OpsroomProcess;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-by-keyboard-'));
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules', 'first.yml'), RULE);
    writeFileSync(join(folder, 'opsroom.yml'), "rule_files: ['rules/*.yml']\n");
    opsroom = await OpsroomProcess.start({ args: ['--config', join(folder, 'opsroom.yml')] });
    browser = await launchBrowser();
    ({ page, errors } = await openContext(browser, opsroom.url));
    const headers = { origin: opsroom.url };
    const token = /setup\?token=([\w-]+)/.exec(opsroom.output)?.[1];
    const setUp = { data: { token, name: 'ana', password: PASSWORD }, headers };
    expect((await page.request.post('/api/opsroom/setup', setUp)).ok()).toBe(true);
    const account = { data: { name: 'chiara', password: PASSWORD, role: 'responder' }, headers };
    expect((await page.request.post('/api/opsroom/accounts', account)).ok()).toBe(true);
  }, 90_000);

  afterAll(async () => {
    await browser.close();
    await opsroom.stop();
    rmSync(folder, { recursive: true });
    expect(errors).toEqual([]);
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('a rule file is made, written, put in force and removed, and the audit says by whom', async () => {
    await page.goto('/rules/edit?new');
    await page.getByRole('dialog', { name: 'New rule file' }).getByLabel('Name').waitFor();
    await page.keyboard.type('second');
    await press('Enter');
    const path = join(folder, 'rules', 'second.yml');
    await page.getByText('rules/second.yml is made and in force').waitFor();
    expect(readFileSync(path, 'utf8')).toContain('- name: "second"');

    await page.locator('.cm-content').focus();
    await press('Control+End', 'Backspace');
    await page.keyboard.insertText('\n      - alert: Second\n        expr: vector(2)\n');
    await page.getByText('no mistakes').waitFor();
    await press('Control+s');
    await page.getByText('rules/second.yml is written and in force').waitFor();
    expect(readFileSync(path, 'utf8')).toContain('alert: Second');
    await page.goto('/rules');
    await page.getByText('Second', { exact: true }).waitFor();

    await page.goto('/rules/edit?file=rules%2Fsecond.yml');
    await page.getByRole('button', { name: 'Remove this file' }).focus();
    await press('Enter', 'Enter');
    await page.getByText('rules/second.yml is removed').waitFor();
    expect(existsSync(path)).toBe(false);

    await page.goto('/audit?kind=rules');
    const entry = (words: string) => page.getByRole('listitem').filter({ hasText: words });
    await entry('made the rule file rules/second.yml').waitFor();
    await entry('changed the rule file rules/second.yml').getByText('added Second').waitFor();
    await entry('removed the rule file rules/second.yml').getByText('127.0.0.1').waitFor();
  }, 60_000);

  it('an alert is assigned to somebody from the list, who is mentioned in a note', async () => {
    await page.goto('/alerts');
    await page.locator('article', { hasText: 'Always' }).waitFor();
    await press('j', 'i');
    const field = page.getByRole('combobox', { name: 'Account' });
    await field.waitFor();
    await page.getByRole('option', { name: /chiara/ }).waitFor();
    await page.keyboard.type('chi');
    await press('Enter');
    await page.locator('article', { hasText: 'for chiara' }).waitFor();

    await press('Enter');
    const note = page.getByRole('textbox', { name: 'Note' });
    await note.focus();
    await page.keyboard.type('over to @chi');
    await page.getByRole('option', { name: /chiara/ }).waitFor();
    await press('Enter', 'Enter');
    await page.getByRole('region', { name: 'Timeline' }).getByText('@chiara').waitFor();
  }, 60_000);

  it('keys that are typed while the search opens do not act on the page behind', async () => {
    await page.goto('/alerts');
    const row = page.locator('article', { hasText: 'Always' });
    await row.waitFor();
    await press('j', 'Control+k', 'a');
    await page.getByRole('dialog', { name: 'Search' }).waitFor();
    await press('Escape');
    await eventually('the dialog is closed', async () => (await page.getByRole('dialog').count()) === 0);
    await row.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await press('a');
    await row.getByText('✓ ana').waitFor();
    await press('z');
    await row.getByRole('button', { name: 'Acknowledge' }).waitFor();
  }, 60_000);
});
