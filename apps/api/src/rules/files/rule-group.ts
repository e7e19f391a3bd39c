import type { LabelSet } from '@opsroom/contracts';
import type { Expr } from '@opsroom/promql';

/** A rule group as its file says it, checked, with defaults filled in. Durations in ms. */
export interface RuleGroup {
  /** As the file is named to people: relative to where rule files were looked for. */
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  readonly queryOffsetMs: number;
  /** Series or alerts that one rule may give; 0: any number. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertRule;

interface RuleBase {
  /** Stable over reloads: file, group, kind, name, and the rule's place among those of that name. */
  readonly id: string;
  readonly name: string;
  /** The text of the file. */
  readonly expr: string;
  readonly parsed: Expr;
  /** The group's labels under the rule's own. */
  readonly labels: LabelSet;
}

export interface RecordingRule extends RuleBase {
  readonly kind: 'recording';
}

export interface AlertRule extends RuleBase {
  readonly kind: 'alerting';
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly annotations: LabelSet;
  readonly onNodata: ConditionPolicy;
  readonly onError: ConditionPolicy;
}

/**
 * What a rule whose expression reads no data, or fails, says about its alerts: they resolve, stay as they are, or an alert of
 * its own is added that tells so (with the label `opsroom_condition`) while the others stay.
 */
export type ConditionPolicy = 'resolve' | 'keep' | 'alert';

/** Annotations that set the policies; they are valid for Prometheus too, which takes them for plain annotations. */
export const POLICY_ANNOTATIONS = { onNodata: 'opsroom_on_nodata', onError: 'opsroom_on_error' } as const;

export interface RuleFileResult {
  readonly groups: readonly RuleGroup[];
  /** Everything that is wrong, each `file:line: message`. */
  readonly problems: readonly string[];
}
