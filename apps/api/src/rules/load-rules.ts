import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpsroomConfig } from '../config/config.js';
import { parseRuleFile } from './files/parse-rule-file.js';
import { expandGlob } from '../config/glob.js';
import type { RuleFileResult, RuleGroup } from './files/rule-group.js';

/** The rules for this machine, used when the configuration names no files; beside the source and the built code alike. */
const BUILT_IN = fileURLToPath(new URL('../../rules/host.yml', import.meta.url));

export interface RuleFilePath {
  readonly path: string;
  /** As people see it: relative to the configuration's folder where it is within. */
  readonly name: string;
  readonly builtIn: boolean;
}

/** Shown to be copied from even while other files are in force. */
export const BUILT_IN_FILE: RuleFilePath = { path: BUILT_IN, name: 'built-in/host.yml', builtIn: true };

/** The rule files of a configuration, globs expanded; the built-in ones when it names none. */
export function ruleFilePaths(config: Pick<OpsroomConfig, 'ruleFiles' | 'process'>): RuleFilePath[] {
  if (config.ruleFiles.length === 0) return [BUILT_IN_FILE];
  return [...new Set(config.ruleFiles.flatMap(expandGlob))].map((path) => ({
    path,
    name: shownName(config, path),
    builtIn: false,
  }));
}

/** A path as people see it: relative to the configuration's folder where it is within. */
export function shownName(config: Pick<OpsroomConfig, 'process'>, path: string): string {
  if (config.process.configFile === undefined) return path;
  const inside = relative(dirname(config.process.configFile), path);
  return inside.startsWith('..') ? path : inside;
}

/** Reads all rule files of a configuration. Everything that is wrong is in `problems`. */
export function loadRules(config: Pick<OpsroomConfig, 'ruleFiles' | 'global' | 'query' | 'process'>): RuleFileResult {
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const { path, name } of ruleFilePaths(config)) {
    const text = readText(path);
    if (text === undefined) {
      problems.push(`${name}: cannot be read`);
      continue;
    }
    const result = parseRuleFile(name, text, {
      intervalMs: config.global.evaluationIntervalMs,
      queryOffsetMs: config.global.ruleQueryOffsetMs,
      experimental: config.query.experimentalFunctions,
    });
    groups.push(...result.groups);
    problems.push(...result.problems);
  }
  return { groups, problems };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
