import type { BackTest, RuleFilePlaces, RuleFileView, RuleProblem } from '@opsroom/contracts';
import { requestJson } from './http.js';
import { ask } from './server.js';

/** A rule as Prometheus's API tells of it. */
export interface RuleRow {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  /** `for`, in seconds. */
  readonly duration?: number;
  readonly keepFiringFor?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly alerts?: readonly unknown[];
  readonly health: string;
  readonly lastError?: string;
  readonly state?: string;
  readonly lastEvaluation: string;
  /** Seconds. */
  readonly evaluationTime: number;
}

export interface RuleGroupRow {
  readonly name: string;
  readonly file: string;
  /** Seconds. */
  readonly interval: number;
  readonly rules: readonly RuleRow[];
  readonly lastEvaluation: string;
  readonly evaluationTime: number;
}

/** All rule groups with their state. */
export async function loadRules(): Promise<readonly RuleGroupRow[]> {
  const answer = await requestJson<{ data: { groups: readonly RuleGroupRow[] } }>('GET', 'api/v1/rules');
  return answer.data.groups;
}

/** The rule files as they stand on the server's disk, and where new ones may be made. */
export const listRuleFiles = (): Promise<{ files: readonly RuleFileView[]; newFiles: RuleFilePlaces }> =>
  ask('/alerts', 'rules:files', {});

/** What is wrong with the text of a rule file; nothing is written. */
export const checkRules = async (name: string, text: string): Promise<readonly RuleProblem[]> =>
  (await ask('/alerts', 'rules:check', { name, text })).problems;

/** What the alerting rules of a text would have done in the last `windowMs`. */
export const backTestRules = (name: string, text: string, windowMs: number): Promise<BackTest> =>
  ask('/alerts', 'rules:backtest', { name, text, windowMs });

/** Writes a rule file over the version that was read. Refused with `conflict` when somebody else has changed it. */
export const writeRules = async (name: string, text: string, version: string): Promise<RuleFileView> =>
  (await ask('/alerts', 'rules:write', { name, text, version })).file;

/** Makes a rule file. Refused with `conflict` when the name is taken. */
export const createRules = async (name: string, text: string): Promise<RuleFileView> =>
  (await ask('/alerts', 'rules:create', { name, text })).file;

/** Removes a rule file in the version that was read. Refused with `conflict` when somebody else has changed it. */
export async function removeRules(name: string, version: string): Promise<void> {
  await ask('/alerts', 'rules:remove', { name, version });
}
