import { dirname, isAbsolute, join } from 'node:path';
import { PromqlSyntaxError } from '@opsroom/promql';
import { parseRuleFile } from '../files/parse-rule-file.js';
import type { RuleGroup } from '../files/rule-group.js';
import { HistogramNotationError } from './histogram-notation.js';
import type { TestCase, TestSuite } from './junit-xml.js';
import { type GroupOptions, type GroupResult, runTestGroup } from './run-test-group.js';
import { SeriesNotationError } from './series-values.js';
import { parseTestFile, type RuleTestFile, type RuleTestGroup, TestFileError } from './test-file.js';

/** The files that tests and rules are read from. */
export interface RuleTestFiles {
  /** Throws when there is no such file. */
  readonly read: (path: string) => string;
  /** Paths that a pattern names; none when nothing matches. */
  readonly glob: (pattern: string) => readonly string[];
}

/** How tests are run; what is absent is as promtool does it without switches. */
export interface RuleTestOptions extends GroupOptions {
  /** Whether the test group of this name is run; all are where it is absent. */
  readonly runs?: (name: string) => boolean;
  readonly ignoreUnknownFields?: boolean;
}

/** What is printed, line by line, where promtool prints it. */
export interface RuleTestOutput {
  readonly out: string;
  readonly err: string;
  /** 1 when any test failed, else 0. */
  readonly exitCode: 0 | 1;
  /** The same as cases, one suite for each file. */
  readonly suites: readonly TestSuite[];
}

/** Runs files of unit tests for rules; says and returns what `promtool test rules` does. */
export function testRules(
  paths: readonly string[],
  files: RuleTestFiles,
  options: RuleTestOptions = {},
): RuleTestOutput {
  const out: string[] = [];
  const err: string[] = [];
  const suites: TestSuite[] = [];
  let failed = false;
  for (const path of paths) {
    out.push(`Unit Testing:  ${path}`);
    const { cases, said } = testFile(path, files, options);
    suites.push({ name: path, cases });
    err.push(...said);
    const failures = cases.flatMap((one) => [...one.failures, ...(one.error === undefined ? [] : [one.error])]);
    if (failures.length === 0) out.push('  SUCCESS');
    else {
      failed = true;
      err.push('  FAILED:', ...failures);
      out.push(...failures.map(() => ''));
    }
    out.push('');
  }
  return { out: joined(out), err: joined(err), exitCode: failed ? 1 : 0, suites };
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function testFile(
  path: string,
  files: RuleTestFiles,
  options: RuleTestOptions,
): { cases: readonly TestCase[]; said: string[] } {
  const said: string[] = [];
  const broken = (error: string) => ({ cases: [{ name: 'unknown', failures: [], error }], said });
  try {
    const file = parseTestFile(files.read(path));
    const rulePaths = file.ruleFiles.flatMap((pattern) => {
      const absolute = isAbsolute(pattern) ? pattern : join(dirname(path), pattern);
      const found = files.glob(absolute);
      if (found.length === 0) said.push(`  WARNING: no file match pattern ${absolute}`);
      return found;
    });
    const repeated = file.groupEvalOrder.find((name, i) => file.groupEvalOrder.indexOf(name) !== i);
    if (repeated !== undefined) return broken(`group name repeated in evaluation order: ${repeated}`);
    const { groups, problems } = loadGroups(rulePaths, file, files, options);
    // Nothing would tell of them otherwise.
    if (file.tests.length === 0 && problems.length > 0) return broken(problems.join('\n'));
    const cases = file.tests.flatMap((test, i): TestCase[] => {
      if (options.runs && !options.runs(test.name)) return [];
      const name = test.name === '' ? `unnamed#${i}` : test.name;
      if (problems.length > 0) return [{ name, failures: problems }];
      const startedMs = performance.now();
      const { failures, dump } = run(test, file, groups, options);
      if (options.debug) {
        const took = `took ${(performance.now() - startedMs).toFixed(3)}ms`;
        said.push(`DEBUG: Starting test ${name}`, ...dump, `DEBUG: Test ${name} finished, ${took}`);
      }
      return [{ name, failures }];
    });
    return { cases, said };
  } catch (error) {
    if (isExplained(error)) return broken(error.message);
    throw error;
  }
}

/** Runs a group; what its notation has wrong fails it alone. */
function run(
  test: RuleTestGroup,
  file: RuleTestFile,
  groups: readonly RuleGroup[],
  options: RuleTestOptions,
): GroupResult {
  try {
    return runTestGroup(test, file, groups, options);
  } catch (error) {
    if (isExplained(error)) return { failures: [error.message], dump: [] };
    throw error;
  }
}

function isExplained(error: unknown): error is Error {
  return (
    error instanceof TestFileError ||
    error instanceof PromqlSyntaxError ||
    error instanceof SeriesNotationError ||
    error instanceof HistogramNotationError ||
    isSystemError(error)
  );
}

function loadGroups(
  paths: readonly string[],
  file: RuleTestFile,
  files: RuleTestFiles,
  { experimental = false, ignoreUnknownFields = false }: RuleTestOptions,
): { groups: RuleGroup[]; problems: string[] } {
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    const result = parseRuleFile(path, files.read(path), {
      intervalMs: file.evaluationIntervalMs,
      queryOffsetMs: 0,
      experimental,
      ignoreUnknownFields,
    });
    groups.push(...result.groups);
    problems.push(...result.problems);
  }
  const order = file.groupEvalOrder;
  // Groups that the order does not name come first, as a missing place counts as 0.
  const place = (group: RuleGroup): number => Math.max(0, order.indexOf(group.name));
  return { groups: order.length === 0 ? groups : groups.sort((a, b) => place(a) - place(b)), problems };
}

const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && 'syscall' in error;
