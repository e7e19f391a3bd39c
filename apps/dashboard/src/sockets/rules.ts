import { requestJson } from './http.js';

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
