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
const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs jest with these arguments and adds to the counts. jest's JSON goes to a file; its progress (stderr) is shown. */
function jest(label, args) {
  const summary = join(folder, `${label}.json`);
  const command = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--json'];
  const { status } = spawnSync(process.execPath, [...command, `--outputFile=${summary}`, ...args], {
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  try {
    const result = JSON.parse(readFileSync(summary, 'utf8'));
    counts.passed += result.numPassedTests;
    // A suite that does not load counts as one failure: its tests never ran.
    counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    counts.skipped += result.numPendingTests + result.numTodoTests;
  } catch (error) {
    counts.failed++;
    process.stderr.write(`opsroom: ${label} left no summary: ${error}\n`);
  }
  return status === 0;
}

const asked = process.argv.slice(2);
const ok =
  asked.length > 0
    ? [jest('tests', asked)]
    : [
        jest('units', ['--selectProjects', 'unit', 'page']),
        // One at a time: these start servers and browsers, and load the processor on purpose.
        jest('whole', ['--selectProjects', 'whole', '--runInBand']),
      ];
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(ok.every(Boolean) && counts.failed === 0 ? 0 : 1);
