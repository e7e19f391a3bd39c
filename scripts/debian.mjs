// Programs that the tests use as real peers, from Debian's archive.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { say } from './steps.mjs';

const programs = {
  '/usr/bin/chromium': 'chromium',
  '/usr/bin/prometheus': 'prometheus',
  '/usr/bin/promtool': 'prometheus',
  '/usr/bin/amtool': 'prometheus-alertmanager',
  '/usr/bin/prometheus-alertmanager': 'prometheus-alertmanager',
  '/usr/bin/prometheus-node-exporter': 'prometheus-node-exporter',
};

/** Installs what is missing where it may (root on Debian or Ubuntu); elsewhere says in one line what to install, and ends. */
export function ensurePrograms() {
  const missing = Object.keys(programs).filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((path) => programs[path]))];
  const install = ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(
      `the tests need ${missing.join(', ')}: run "sudo apt-get install --no-install-recommends ${packages.join(' ')}"`,
    );
    process.exit(1);
  }
  say(`installing ${packages.join(', ')} …`);
  // RUNLEVEL=1 keeps Debian from starting the packages' services; the tests start their own on loopback.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const attempt = () => spawnSync(...install, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  if (!attempt()) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (!attempt()) {
      say(`could not install ${packages.join(', ')}: install them by hand and run this again`);
      process.exit(1);
    }
  }
}
