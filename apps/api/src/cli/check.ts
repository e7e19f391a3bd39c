import { existsSync, readFileSync } from 'node:fs';
import { ConfigError } from '../config/config-error.js';
import { loadConfig } from '../config/load-config.js';
import { parseProcessOptions } from '../config/process-options.js';
import { ruleFilePaths } from '../rules/load-rules.js';
import { parseRuleFile, type RuleFileDefaults } from '../rules/files/parse-rule-file.js';
import { type Command, type Terminal, UsageError } from './command.js';
import { duplicateRules } from './duplicate-rules.js';
import { readArguments } from './read-arguments.js';

const FAILED = 1;
/** What promtool exits with when only its lint found something, and lint is to count. */
const LINT_FAILED = 3;

const DEFAULTS: RuleFileDefaults = { intervalMs: 60_000, queryOffsetMs: 0, experimental: false };

/** `check config FILE…` and `check rules FILE…`: everything that is wrong, with file and line; exits as promtool does. */
export const checkCommand: Command = {
  takes: '<config|rules> FILE…',
  about: 'check files of configuration (and the rules that they name) or of rules',
  help: [
    '  --lint-fatal      rules that are in a file twice are an error (exit code 3), not a warning',
    '  --experimental    allow functions and modifiers that Prometheus keeps behind feature flags',
    '',
    'Exits with 0 when all is well, else with 1 and everything that is wrong, each with file and line.',
  ],
  run: (args, terminal) => {
    const given = readArguments(args, { 'lint-fatal': 'alone', experimental: 'alone' });
    const [what, ...paths] = given.rest;
    if (what !== 'config' && what !== 'rules') {
      throw new UsageError(`it checks "config" or "rules"${what === undefined ? '' : `, not ${JSON.stringify(what)}`}`);
    }
    if (paths.length === 0) throw new UsageError(`check ${what} needs a file`);
    const missing = paths.find((path) => !existsSync(path));
    if (missing !== undefined) throw new UsageError(`there is no file ${missing}`);
    const files = new FileChecker(terminal, given.has('experimental'));
    for (const path of paths) {
      if (what === 'config') files.config(path);
      else files.rules(path, path, DEFAULTS);
    }
    return files.failed ? FAILED : files.repeated && given.has('lint-fatal') ? LINT_FAILED : 0;
  },
};

class FileChecker {
  failed = false;
  repeated = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly experimental: boolean,
  ) {}

  config(path: string): void {
    this.terminal.out(`Checking ${path}\n`);
    try {
      const config = loadConfig(parseProcessOptions(['--config', path], this.terminal.env));
      const ruleFiles = ruleFilePaths(config).filter(({ builtIn }) => !builtIn);
      const absent = ruleFiles.filter((file) => !existsSync(file.path));
      for (const warning of config.warnings) this.terminal.err(`  WARNING: ${warning}\n`);
      if (absent.length > 0) this.fail(absent.map((file) => `${path}: there is no rule file ${file.path}`));
      else {
        if (ruleFiles.length > 0) this.terminal.out(`  SUCCESS: ${ruleFiles.length} rule files found\n`);
        this.terminal.out(` SUCCESS: ${path} is valid Opsroom configuration\n\n`);
      }
      for (const file of ruleFiles) {
        if (absent.includes(file)) continue;
        this.rules(file.path, file.name, {
          intervalMs: config.global.evaluationIntervalMs,
          queryOffsetMs: config.global.ruleQueryOffsetMs,
          experimental: this.experimental || config.query.experimentalFunctions,
        });
      }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.fail(error.problems);
    }
  }

  rules(path: string, name: string, defaults: RuleFileDefaults): void {
    this.terminal.out(`Checking ${name}\n`);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      this.fail([`${name}: ${error instanceof Error ? error.message : String(error)}`]);
      return;
    }
    const experimental = this.experimental || defaults.experimental;
    const { groups, problems } = parseRuleFile(name, text, { ...defaults, experimental });
    if (problems.length > 0) {
      this.fail(problems);
      return;
    }
    const found = duplicateRules(groups);
    if (found.length > 0) {
      this.repeated = true;
      this.terminal.err(
        `  WARNING: ${found.length} duplicate rule(s) found.\n${found.map((line) => `    ${line}\n`).join('')}`,
      );
    }
    const count = groups.reduce((sum, group) => sum + group.rules.length, 0);
    this.terminal.out(`  SUCCESS: ${count} rules found\n\n`);
  }

  private fail(problems: readonly string[]): void {
    this.failed = true;
    this.terminal.err(['  FAILED:', ...problems, ''].join('\n'));
    this.terminal.out('\n');
  }
}
