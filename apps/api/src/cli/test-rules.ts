import { existsSync, writeFileSync } from 'node:fs';
import { RE2JS } from 're2js';
import { SystemClock } from '../model/clock.js';
import { junitXml } from '../rules/test-rules/junit-xml.js';
import { nodeRuleTestFiles } from '../rules/test-rules/node-files.js';
import { testRules } from '../rules/test-rules/test-rules.js';
import { type Command, UsageError } from './command.js';
import { readArguments } from './read-arguments.js';

/** `test-rules FILE…`: unit tests for rules, as `promtool test rules` runs, prints and exits, with its switches. */
export const testRulesCommand: Command = {
  takes: 'FILE…',
  about: 'run unit tests for rules, in the format of "promtool test rules"',
  help: [
    '  --run REGEX               run only the test groups whose names match; may be given several times',
    '  --diff                    show what differs line by line instead of what was expected and what came',
    '  --debug                   dump all series of each test group, and say how long it took',
    '  --junit FILE              write the results as JUnit XML as well',
    '  --ignore-unknown-fields   pass over fields of rule files that are not known',
    '  --experimental            allow functions and modifiers that Prometheus keeps behind feature flags',
    '',
    'Exits with 0 when all pass, else with 1.',
  ],
  run: (args, terminal) => {
    const given = readArguments(args, {
      run: 'value',
      diff: 'alone',
      debug: 'alone',
      junit: 'value',
      'ignore-unknown-fields': 'alone',
      experimental: 'alone',
    });
    if (given.rest.length === 0) throw new UsageError('it needs a file of tests');
    const missing = given.rest.find((path) => !existsSync(path));
    if (missing !== undefined) throw new UsageError(`there is no file ${missing}`);
    const { out, err, exitCode, suites } = testRules(given.rest, nodeRuleTestFiles, {
      ...(given.has('run') && { runs: nameTest(given.values('run')) }),
      diff: given.has('diff'),
      debug: given.has('debug'),
      ignoreUnknownFields: given.has('ignore-unknown-fields'),
      experimental: given.has('experimental'),
    });
    terminal.out(out);
    terminal.err(err);
    const junit = given.value('junit');
    if (junit !== undefined) write(junit, junitXml(suites, new SystemClock().nowMs()));
    return exitCode;
  },
};

/** True for a name in which one of the expressions is found, wherever. */
function nameTest(expressions: readonly string[]): (name: string) => boolean {
  try {
    const expression = RE2JS.compile(expressions.join('|'));
    return (name) => expression.matcher(name).find();
  } catch (error) {
    throw new UsageError(`--run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`--junit: ${error instanceof Error ? error.message : String(error)}`);
  }
}
