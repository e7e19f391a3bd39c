import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import {
  type BackTest,
  type BackTestedRule,
  hashText,
  type RuleFilePlaces,
  type RuleFileView,
  type RuleProblem,
} from '@opsroom/contracts';
import {
  createPlan,
  evaluateRangeSliced,
  type EvaluationResult,
  PromqlExecutionError,
  PromqlLimitError,
} from '@opsroom/promql';
import { firstValueFrom } from 'rxjs';
import { OpsroomConfig } from '../../config/config.js';
import { Clock } from '../../model/clock.js';
import { Refusal } from '../../model/refusal.js';
import { Store } from '../../storage/store.js';
import { RuleError } from '../evaluation/evaluate-rule.js';
import { parseRuleFile } from '../files/parse-rule-file.js';
import type { AlertRule, RuleFileResult } from '../files/rule-group.js';
import { BUILT_IN_FILE, type RuleFilePath, ruleFilePaths } from '../load-rules.js';
import { RulesService } from '../rules.service.js';
import { ruleQueryOptions } from '../rule-query-options.js';
import { backTestedRule } from './back-test.js';
import { ruleChanges } from './rule-changes.js';
import { newFilePath, rulePlaces } from './rule-places.js';

/** Points of a back-test at most; its step is a multiple of the group's interval, so that it stays within them. */
const MAX_STEPS = 2_000;
const MAX_SERIES = 2_000;
const TIMEOUT_MS = 20_000;

/** A change of a rule file that is in force, and what it did to the rules, in words. */
export interface RuleFileChange {
  readonly file: RuleFileView;
  readonly changes: string;
}

/**
 * In: texts of rule files from the page. Out: what is wrong with them, what they would have done, the files. Owns: writing rule
 * files: whole or not at all, and only over the version that the writer has seen.
 */
@Injectable()
export class RuleEditorService {
  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
    private readonly rules: RulesService,
  ) {}

  /** The files in force, then the built-in one, which can be copied from. */
  files(): RuleFileView[] {
    const paths = ruleFilePaths(this.config);
    const inForce = paths.includes(BUILT_IN_FILE);
    return [...paths, ...(inForce ? [] : [BUILT_IN_FILE])].map((file) => ({
      ...this.view(file, readText(file.path)),
      ...(file.builtIn && {
        readOnly: inForce
          ? 'these rules are built in: name files of your own under rule_files in opsroom.yml'
          : 'these rules are built in and not in force beside your own: copy what you want of them',
      }),
    }));
  }

  check(name: string, text: string): RuleProblem[] {
    return this.parse(name, text).problems.map((message) => {
      const line = message.startsWith(`${name}:`)
        ? Number(/^:(\d+)/.exec(message.slice(name.length))?.[1] ?? NaN)
        : NaN;
      return Number.isNaN(line) ? { message } : { message, line };
    });
  }

  /** Refuses with `bad_request` a text that cannot be read. The queries run in slices between other work. */
  async backTest(name: string, text: string, windowMs: number): Promise<BackTest> {
    const { groups, problems } = this.parse(name, text);
    if (problems.length > 0) throw new Refusal('bad_request', problems.join('\n'));
    const intervalMs = Math.min(...groups.map((group) => group.intervalMs), 3_600_000);
    const stepMs = intervalMs * Math.max(1, Math.ceil(windowMs / intervalMs / MAX_STEPS));
    const endMs = Math.floor(this.clock.nowMs() / stepMs) * stepMs;
    const startMs = endMs - Math.floor(windowMs / stepMs) * stepMs;
    const rules: BackTestedRule[] = [];
    for (const group of groups) {
      for (const rule of group.rules)
        if (rule.kind === 'alerting') rules.push(await this.tried(rule, { startMs, endMs, stepMs }));
    }
    return { startMs, endMs, stepMs, rules };
  }

  /** Where a new file can be made. */
  newFiles(): RuleFilePlaces {
    const { places, none } = rulePlaces(this.config);
    return { places: places.map(({ folder, pattern }) => ({ folder, pattern })), ...(none !== undefined && { none }) };
  }

  /** Writes the file and puts it in force. Refuses what cannot be read, what is built in and what somebody else has changed. */
  write(name: string, text: string, version: string): RuleFileChange {
    const file = this.known(name);
    if (file.builtIn)
      throw new Refusal(
        'forbidden',
        'the built-in rules cannot be written: name files of your own under rule_files in opsroom.yml',
      );
    const after = this.readable(name, text);
    const before = this.current(file, version);
    replaceFile(file.path, text);
    this.putInForce(() => replaceFile(file.path, before));
    return { file: this.view(file, text), changes: ruleChanges(this.parse(name, before).groups, after.groups) };
  }

  /** Makes a file where `rule_files` reads it and puts it in force. Refuses what cannot be read and a name that is taken. */
  create(name: string, text: string): RuleFileChange {
    const { places, none } = rulePlaces(this.config);
    if (none !== undefined) throw new Refusal('forbidden', none);
    const path = newFilePath(places, name);
    if (existsSync(path))
      throw new Refusal('conflict', `${name} is there already: choose another name, or open that file`);
    const after = this.readable(name, text);
    replaceFile(path, text);
    this.putInForce(() => removeFile(path));
    return { file: this.view({ name, path, builtIn: false }, text), changes: ruleChanges([], after.groups) };
  }

  /** Removes a file, and its rules from force. Refuses what `rule_files` names itself and what somebody else has changed. */
  remove(name: string, version: string): Omit<RuleFileChange, 'file'> {
    const file = this.known(name);
    const kept = this.whyKept(file);
    if (kept !== undefined) throw new Refusal('forbidden', kept);
    const before = this.current(file, version);
    removeFile(file.path);
    this.putInForce(() => replaceFile(file.path, before));
    return { changes: ruleChanges(this.parse(name, before).groups, []) };
  }

  private known(name: string): RuleFilePath {
    const file = ruleFilePaths(this.config).find((candidate) => candidate.name === name);
    if (!file) throw new Refusal('not_found', `rule_files in opsroom.yml names no file ${name}`);
    return file;
  }

  private readable(name: string, text: string): RuleFileResult {
    const result = this.parse(name, text);
    if (result.problems.length > 0) throw new Refusal('bad_request', result.problems.join('\n'));
    return result;
  }

  /** The text that stands in the file, if it is the version that was read. */
  private current({ name, path }: RuleFilePath, version: string): string {
    const text = readText(path);
    if (hashText(text) !== version)
      throw new Refusal('conflict', `${name} has changed since it was read: read it again and repeat the change`);
    return text;
  }

  private putInForce(undo: () => void): void {
    const wrong = this.rules.reload();
    if (wrong.length === 0) return;
    undo();
    throw new Refusal('bad_request', wrong.join('\n'));
  }

  private whyKept({ name, path, builtIn }: RuleFilePath): string | undefined {
    if (builtIn) return 'the built-in rules cannot be removed';
    if (this.config.ruleFiles.includes(path))
      return `${name} is named under rule_files in opsroom.yml: take it out there before it is removed`;
    return undefined;
  }

  private view(file: RuleFilePath, text: string): RuleFileView {
    const kept = this.whyKept(file);
    return { name: file.name, text, version: hashText(text), ...(kept !== undefined && { kept }) };
  }

  private parse(name: string, text: string): RuleFileResult {
    return parseRuleFile(name, text, {
      intervalMs: this.config.global.evaluationIntervalMs,
      queryOffsetMs: this.config.global.ruleQueryOffsetMs,
      experimental: this.config.query.experimentalFunctions,
    });
  }

  private async tried(
    rule: AlertRule,
    range: { startMs: number; endMs: number; stepMs: number },
  ): Promise<BackTestedRule> {
    try {
      return backTestedRule(rule, await this.evaluated(rule, range));
    } catch (error) {
      if (!(error instanceof PromqlExecutionError || error instanceof PromqlLimitError || error instanceof RuleError))
        throw error;
      return { name: rule.name, expr: rule.expr, fired: 0, firingMs: 0, episodes: [], error: error.message };
    }
  }

  private async evaluated(
    rule: AlertRule,
    range: { startMs: number; endMs: number; stepMs: number },
  ): Promise<EvaluationResult> {
    const options = ruleQueryOptions(this.config, this.clock);
    const run = evaluateRangeSliced(createPlan(rule.parsed, { text: rule.expr }), this.store, range, {
      ...options,
      limits: { ...options.limits, maxSeries: MAX_SERIES, timeoutMs: TIMEOUT_MS },
    });
    for (;;) {
      const turn = run.next();
      if (turn.done === true) return turn.value;
      await firstValueFrom(this.clock.after(0), { defaultValue: undefined });
    }
  }
}

/** '' for a file that cannot be read: it may be written then. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** A reader finds the old file or the new one, never a part of it. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    throw notWritten(path, error);
  }
}

const notWritten = (path: string, error: unknown): Refusal =>
  new Refusal('unavailable', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
