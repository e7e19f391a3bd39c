// Steps that the entry scripts share. Only Node's own modules: a fresh clone has nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
process.chdir(root);

const BUILD_STAMP = 'node_modules/.cache/opsroom/build';

/** Says what is going on, on stderr, so that stdout stays the program's own. */
export const say = (text) => process.stderr.write(`opsroom: ${text}\n`);

/** Runs a command with the terminal attached; ends this process with its exit code when it fails. */
export function run(label, command, args, { env = {}, quiet = false } = {}) {
  const startedMs = performance.now();
  say(`${label} …`);
  const result = spawnSync(command, args, {
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
    env: { ...process.env, ...env },
  });
  if (result.error) say(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
  say(`${label}: done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

/** The path of a package's program. */
export const bin = (name) => join(root, 'node_modules', '.bin', name);

const modifiedMs = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Installs packages when the lock file is newer than what is installed. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node ${process.versions.node} is too old: install Node 20.19 or newer`);
    process.exit(1);
  }
  if (modifiedMs('node_modules/.package-lock.json') >= modifiedMs('package-lock.json')) return;
  run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

const ignored = new Set(['node_modules', 'dist']);

/** Newest modification below a folder, build products left out. */
function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const products = [
  'apps/api/dist/main.js',
  'apps/dashboard/dist/index.html',
  'apps/dashboard/dist/opsroom-client.js',
  'libs/contracts/dist/index.js',
];

/** Builds when a source file is newer than the last build. */
export function ensureBuilt() {
  const sourcesMs = Math.max(
    newestMs('apps'),
    newestMs('libs'),
    modifiedMs('package-lock.json'),
    modifiedMs('tsconfig.base.json'),
  );
  if (modifiedMs(BUILD_STAMP) > sourcesMs && products.every((path) => existsSync(path))) return;
  build();
}

/** Compiles the libs and the server, bundles the page. */
export function build() {
  run('compiling libs and server', bin('tsc'), [
    '-b',
    'libs/contracts',
    'libs/templates',
    'libs/promql',
    'libs/client',
    'apps/api/tsconfig.app.json',
  ]);
  run('bundling the page', bin('vite'), ['build', '--logLevel', 'warn', 'apps/dashboard']);
  run('bundling the client for other pages', bin('vite'), ['build', '--logLevel', 'warn', 'libs/client']);
  mkdirSync(join(BUILD_STAMP, '..'), { recursive: true });
  writeFileSync(BUILD_STAMP, '');
}
