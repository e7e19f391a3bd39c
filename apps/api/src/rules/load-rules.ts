import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpsroomConfig } from '../config/config.js';
import { parseRuleFile } from './files/parse-rule-file.js';
import { expandGlob } from './files/rule-globs.js';
import type { RuleFileResult, RuleGroup } from './files/rule-group.js';

/** The rules for this machine, used when the configuration names no files; beside the source and the built code alike. */
const BUILT_IN = fileURLToPath(new URL('../../rules/host.yml', import.meta.url));

/** Reads all rule files of a configuration; the built-in ones when it names none. Everything that is wrong is in `problems`. */
export function loadRules(config: Pick<OpsroomConfig, 'ruleFiles' | 'global' | 'query' | 'process'>): RuleFileResult {
  const builtIn = config.ruleFiles.length === 0;
  const files = builtIn ? [BUILT_IN] : [...new Set(config.ruleFiles.flatMap(expandGlob))];
  const base = config.process.configFile === undefined ? '' : dirname(config.process.configFile);
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const path of files) {
    const inside = base === '' ? path : relative(base, path);
    const name = builtIn ? 'built-in/host.yml' : inside.startsWith('..') ? path : inside;
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
