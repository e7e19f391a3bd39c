import { dirname, isAbsolute, join } from 'node:path';
import { PromqlSyntaxError } from '@opsroom/promql';
import { parseRuleFile } from '../files/parse-rule-file.js';
import type { RuleGroup } from '../files/rule-group.js';
import { HistogramNotationError } from './histogram-notation.js';
import { runTestGroup } from './run-test-group.js';
import { SeriesNotationError } from './series-values.js';
import { parseTestFile, type RuleTestFile, TestFileError } from './test-file.js';

/** The files that tests and rules are read from. */
export interface RuleTestFiles {
  /** Throws when there is no such file. */
  readonly read: (path: string) => string;
  /** Paths that a pattern names; none when nothing matches. */
  readonly glob: (pattern: string) => readonly string[];
}

/** What is printed, line by line, where promtool prints it. */
export interface RuleTestOutput {
  readonly out: string;
  readonly err: string;
  /** 1 when any test failed, else 0. */
  readonly exitCode: 0 | 1;
}

/** Runs files of unit tests for rules; says and returns what `promtool test rules` does. */
export function testRules(paths: readonly string[], files: RuleTestFiles): RuleTestOutput {
  const out: string[] = [];
  const err: string[] = [];
  let failed = false;
  for (const path of paths) {
    out.push(`Unit Testing:  ${path}`);
    const { failures, warnings } = testFile(path, files);
    err.push(...warnings.map((warning) => `  WARNING: ${warning}`));
    if (failures.length === 0) out.push('  SUCCESS');
    else {
      failed = true;
      err.push('  FAILED:', ...failures);
      out.push(...failures.map(() => ''));
    }
    out.push('');
  }
  return { out: joined(out), err: joined(err), exitCode: failed ? 1 : 0 };
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function testFile(path: string, files: RuleTestFiles): { failures: string[]; warnings: string[] } {
  const warnings: string[] = [];
  try {
    const file = parseTestFile(files.read(path));
    const rulePaths = file.ruleFiles.flatMap((pattern) => {
      const found = files.glob(isAbsolute(pattern) ? pattern : join(dirname(path), pattern));
      if (found.length === 0)
        warnings.push(`no file match pattern ${isAbsolute(pattern) ? pattern : join(dirname(path), pattern)}`);
      return found;
    });
    const { groups, problems } = loadGroups(rulePaths, file, files);
    if (problems.length > 0) return { failures: problems, warnings };
    const failures = file.tests.flatMap((test) => runTestGroup(test, file, groups));
    return { failures, warnings };
  } catch (error) {
    if (
      error instanceof TestFileError ||
      error instanceof PromqlSyntaxError ||
      error instanceof SeriesNotationError ||
      error instanceof HistogramNotationError ||
      isSystemError(error)
    ) {
      return { failures: [error.message], warnings };
    }
    throw error;
  }
}

function loadGroups(
  paths: readonly string[],
  file: RuleTestFile,
  files: RuleTestFiles,
): { groups: RuleGroup[]; problems: string[] } {
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    const result = parseRuleFile(path, files.read(path), {
      intervalMs: file.evaluationIntervalMs,
      queryOffsetMs: 0,
      experimental: false,
    });
    groups.push(...result.groups);
    problems.push(...result.problems);
  }
  const order = file.groupEvalOrder;
  const repeated = order.find((name, i) => order.indexOf(name) !== i);
  if (repeated !== undefined) problems.push(`group name repeated in evaluation order: ${repeated}`);
  // Groups that the order does not name come first, as a missing place counts as 0.
  const place = (group: RuleGroup): number => Math.max(0, order.indexOf(group.name));
  return { groups: order.length === 0 ? groups : groups.sort((a, b) => place(a) - place(b)), problems };
}

const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && 'syscall' in error;
