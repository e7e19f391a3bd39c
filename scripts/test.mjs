// `npm test [-- jest's switches]`: installs and builds what is missing, runs every test, and ends with a line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrograms } from './debian.mjs';
import { ensureBuilt, ensureInstalled } from './steps.mjs';

ensureInstalled();
ensurePrograms();
ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'opsroom-test-'));
const summary = join(folder, 'summary.json');
const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${summary}`,
  '--testLocationInResults',
];
// jest prints its JSON on stdout too, where --outputFile is given as well; only its progress (stderr) is shown.
const { status } = spawnSync(process.execPath, [...jest, ...process.argv.slice(2)], {
  stdio: ['inherit', 'ignore', 'inherit'],
});

let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  const result = JSON.parse(readFileSync(summary, 'utf8'));
  // A suite that does not load counts as one failure: its tests never ran.
  counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
} catch (error) {
  process.stderr.write(`opsroom: the tests left no summary: ${error}\n`);
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(status ?? 1);
