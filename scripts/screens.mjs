// Pictures of every page and dialog on a busy server, dark and light, 1440 and 360 wide, to be looked at:
// `npm run screens -- [--only alerts] [--theme dark] [--width 1440] [--alerts 300] [--hold]`. They land in screenshots/tour.
// `--hold` leaves the server running, with the page's address and a password, until Ctrl-C.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { act } from './screens/acts.mjs';
import { alertPayload, feedHosts } from './screens/scene.mjs';
import { enterEverybody, person, sendAlerts } from './screens/people.mjs';
import { sleep, startServer } from './screens/server.mjs';
import { gates, views } from './screens/views.mjs';
import { root, say } from './steps.mjs';

const { values: wanted } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    theme: { type: 'string', default: 'dark,light' },
    width: { type: 'string', default: '1440,360' },
    alerts: { type: 'string', default: '300' },
    hold: { type: 'boolean', default: false },
  },
});
const FOLDER = join(root, 'screenshots/tour');
const HEIGHTS = { 1440: 900, 360: 780 };
const isWanted = (name) => wanted.only === '' || wanted.only.split(',').some((part) => name.startsWith(part));

/** Opens a browser of somebody's own in every theme and width that is wanted. */
async function inEachLook(browser, url, cookie, run) {
  for (const theme of wanted.theme.split(','))
    for (const width of wanted.width.split(',').map(Number)) {
      const look = { viewport: { width, height: HEIGHTS[width] ?? 900 }, baseURL: url, reducedMotion: 'reduce' };
      const context = await browser.newContext({ ...look, hasTouch: width < 640, isMobile: width < 640 });
      await context.addInitScript((choice) => localStorage.setItem('opsroom.theme', choice), theme);
      if (cookie !== '')
        await context.addCookies(
          cookie
            .split('; ')
            .map((pair) => ({ name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1), url })),
        );
      await run(context, `${theme}-${width}`);
      await context.close();
    }
}

/** Takes one picture, and says what is wrong that needs no eye: errors of the page, text wider than the window. */
async function take(context, view, look) {
  const page = await context.newPage();
  page.on('pageerror', (error) => say(`${view.name} ${look}: ${error.message}`));
  try {
    await page.goto(view.path);
    if (view.wait) await page.locator(view.wait).first().waitFor({ timeout: 20_000 });
    await sleep(view.wait?.includes('canvas') ? 1500 : 600);
    await view.act?.(page);
    await sleep(250);
  } catch (error) {
    say(`${view.name} ${look}: ${error.message.split('\n')[0]}`);
  }
  await page.screenshot({ path: join(FOLDER, `${view.name}-${look}.png`) });
  const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (over > 0) say(`${view.name} ${look}: ${over} px wider than the window`);
  await page.close();
}

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const server = await startServer();
const people = await enterEverybody(server);
const ana = person(server.url, people.ana);
const ben = person(server.url, people.ben);
const stopHosts = await feedHosts(server.url, people.token);
const payload = alertPayload(Number(wanted.alerts));
await sendAlerts(server.url, people.token, payload);
const { room, stop: stopActs } = await act({ server, people, payload, ana, ben });
say(`${server.url} is as busy as it should be`);
try {
  for (const [list, cookie] of [
    [views(room), people.ana],
    [gates, ''],
  ])
    await inEachLook(browser, server.url, cookie, async (context, look) => {
      for (const view of list) if (isWanted(view.name)) await take(context, view, look);
    });
  if (wanted.hold) {
    say(`holding ${server.url}: ana, correct horse battery staple`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
  if (isWanted('lost'))
    await inEachLook(browser, server.url, people.ana, async (context, look) => {
      const pages = await Promise.all([context.newPage(), context.newPage()]);
      await pages[0].goto('/');
      await pages[1].goto(room('HostHighCpu'));
      for (const page of pages) await page.locator('.plot canvas[data-drawn-ms]').first().waitFor();
      await sleep(1000);
      await server.kill();
      await sleep(4000);
      for (const [i, page] of pages.entries()) {
        await page.bringToFront();
        await page.screenshot({ path: join(FOLDER, `lost-${i === 0 ? 'overview' : 'war-room'}-${look}.png`) });
      }
      await server.start();
    });
  if (isWanted('stale')) {
    stopHosts();
    await sleep(40_000);
    await inEachLook(browser, server.url, people.ana, (context, look) =>
      take(context, { name: 'stale-overview', path: '/?instance=web-1', wait: '.plot canvas[data-drawn-ms]' }, look),
    );
  }
} finally {
  stopHosts();
  stopActs();
  ana.close();
  ben.close();
  await server.stop();
}
if (isWanted('bare')) {
  const fresh = await startServer({ bare: true });
  try {
    await inEachLook(browser, fresh.url, '', (context, look) =>
      take(context, { name: 'bare-setup', path: `/setup?token=${fresh.setupToken()}` }, look),
    );
    const { ana: first } = await enterEverybody(fresh);
    await inEachLook(browser, fresh.url, first, async (context, look) => {
      for (const name of ['overview', 'alerts', 'silences', 'rules', 'receivers', 'audit', 'account'])
        await take(context, { name: `bare-${name}`, path: name === 'overview' ? '/' : `/${name}` }, look);
    });
  } finally {
    await fresh.stop();
  }
}
await browser.close();
