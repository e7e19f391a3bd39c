// Every page and every dialog: where it is, and what a hand does there before the picture is taken.
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const onAlerts = (name, act, path = '/alerts') => ({ name, path, wait: 'article', act });
const inDialog = (act) => async (page, fingerprints) => {
  await act(page, fingerprints);
  await page.getByRole('dialog').waitFor();
};

/** The pages as somebody who may do everything sees them; `room` gives the address of an alert by its name. */
export const views = (room) => [
  { name: 'overview', path: '/', wait: '.plot canvas[data-drawn-ms]' },
  {
    name: 'explore',
    path: `/explore?q=${encodeURIComponent('sum by (instance, mode) (rate(node_cpu_seconds_total[30s]))')}`,
    wait: '.plot canvas[data-drawn-ms]',
  },
  { name: 'explore-empty', path: '/explore' },
  { name: 'explore-error', path: `/explore?q=${encodeURIComponent('rat(node_cpu_seconds_total[30s])')}` },
  onAlerts('alerts', async () => {}),
  onAlerts('alerts-grouped', async () => {}, '/alerts?group=team&m=severity%3D%22critical%22'),
  onAlerts('alerts-selected', press('j', 'x', 'j', 'j', 'X')),
  onAlerts('alerts-acknowledged', async () => {}, '/alerts?show=acknowledged'),
  onAlerts('alerts-suppressed', async () => {}, '/alerts?show=suppressed'),
  onAlerts('acknowledge', inDialog(press('j', 'A'))),
  onAlerts('silence', inDialog(press('j', 's'))),
  onAlerts('assign', inDialog(press('j', 'i'))),
  { name: 'alerts-none', path: '/alerts?m=team%3D%22nobody%22' },
  { name: 'war-room', path: room('HostHighCpu'), wait: '.plot canvas[data-drawn-ms]' },
  { name: 'war-room-long', path: room('TargetGroupUnhealthy'), wait: 'section[aria-label="Timeline"]' },
  { name: 'silences', path: '/silences' },
  { name: 'rules', path: '/rules' },
  {
    name: 'rule-editor',
    path: '/rules/edit?file=rules/hosts.yml&rule=HostHighCpu',
    wait: '.plot canvas[data-drawn-ms]',
    act: backTest,
  },
  {
    name: 'rule-editor-errors',
    path: '/rules/edit?file=rules/hosts.yml&rule=DiskFilling',
    wait: '.cm-content',
    act: mistake,
  },
  { name: 'rule-file-new', path: '/rules/edit?new', act: async (page) => page.getByRole('dialog').waitFor() },
  { name: 'receivers', path: '/receivers' },
  { name: 'audit', path: '/audit' },
  { name: 'audit-alerts', path: '/audit?kind=all' },
  { name: 'sources', path: '/sources' },
  { name: 'account', path: '/account' },
  { name: 'accounts', path: '/accounts' },
  { name: 'not-found', path: '/nowhere/at-all' },
  { name: 'palette', path: '/', wait: 'article', act: inDialog(press('Control+k', 'c')) },
  { name: 'keys', path: '/alerts', wait: 'article', act: inDialog(press('?')) },
  { name: 'menu', path: '/sources', act: openMenu },
];

/** What strangers see. */
export const gates = [
  { name: 'login', path: '/login' },
  { name: 'login-refused', path: '/login', act: logIn },
  { name: 'acknowledge-link', path: '/acknowledge?token=cut' },
];

async function backTest(page) {
  await page.getByRole('button', { name: 'Try it' }).click();
  await page
    .getByText(/would have fired|would not have fired/)
    .first()
    .waitFor({ timeout: 20_000 });
}

async function mistake(page) {
  await page.locator('.cm-line', { hasText: 'node_filesystem_avail' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' +');
  await page.locator('.cm-lintRange-error').first().waitFor();
}

async function openMenu(page) {
  await page.locator('header button').last().click();
  await page.getByRole('menu').waitFor();
}

async function logIn(page) {
  await page.getByLabel('Name').fill('ana');
  await page.locator('input[type="password"]').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').first().waitFor();
}
