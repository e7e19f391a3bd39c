import { existsSync } from 'node:fs';
import { nodeRuleTestFiles } from '../rules/test-rules/node-files.js';
import { testRules } from '../rules/test-rules/test-rules.js';
import { type Command, UsageError } from './command.js';
import { readArguments } from './read-arguments.js';

/** `test-rules FILE…`: unit tests for rules, as `promtool test rules` runs, prints and exits. */
export const testRulesCommand: Command = {
  takes: 'FILE…',
  about: 'run unit tests for rules, in the format of "promtool test rules"',
  help: ['Exits with 0 when all pass, else with 1.'],
  run: (args, terminal) => {
    const { rest } = readArguments(args, {});
    if (rest.length === 0) throw new UsageError('it needs a file of tests');
    const missing = rest.find((path) => !existsSync(path));
    if (missing !== undefined) throw new UsageError(`there is no file ${missing}`);
    const { out, err, exitCode } = testRules(rest, nodeRuleTestFiles);
    terminal.out(out);
    terminal.err(err);
    return exitCode;
  },
};
