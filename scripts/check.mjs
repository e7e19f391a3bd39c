// `npm run check`: types, lint, formatting, import order, dead code. Every check runs; the exit code says whether all passed.
import { spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { bin, ensureInstalled, say } from './steps.mjs';

ensureInstalled();

const checks = [
  [
    'types of libs and server',
    'tsc',
    ['-b', 'libs/contracts', 'libs/templates', 'libs/promql', 'libs/client', 'apps/api/tsconfig.app.json'],
  ],
  ['types of tests and benches', 'tsc', ['-p', 'tsconfig.test.json']],
  ['types of the page', 'vue-tsc', ['-p', 'apps/dashboard/tsconfig.json']],
  ['lint', 'eslint', ['--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.']],
  ['formatting', 'prettier', ['--check', '--log-level', 'warn', '.']],
  [
    'import order',
    'depcruise',
    [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err',
      'apps/api/src',
      'apps/dashboard/src',
      'libs/contracts/src',
      'libs/templates/src',
      'libs/promql/src',
      'libs/client/src',
    ],
  ],
  ['import orders in the docs', process.execPath, ['scripts/orders.mjs', '--check']],
  ['dead code', 'knip', ['--no-progress']],
];

let failed = 0;
for (const [label, program, args] of checks) {
  const startedMs = performance.now();
  const { status } = spawnSync(isAbsolute(program) ? program : bin(program), args, { stdio: 'inherit' });
  if (status !== 0) failed++;
  say(`${status === 0 ? 'ok  ' : 'FAIL'} ${label} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
}
process.exit(failed > 0 ? 1 : 0);
