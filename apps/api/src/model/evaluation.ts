import type { Labels } from '@opsroom/promql';

/** One run of one alerting rule at one time: what is pending or firing, or why it could not be evaluated. */
export interface Evaluation {
  readonly rule: AlertingRule;
  readonly atMs: number;
  readonly outcome:
    | {
        readonly kind: 'vector';
        /** What is active now. An alert of this rule that is not among them is not active any more. */
        readonly elements: readonly EvaluationElement[];
        /** The expression read no sample at all: its series have vanished, or never were. */
        readonly nodata: boolean;
      }
    | { readonly kind: 'error'; readonly message: string };
  /**
   * Set while the expression's windows reach back over the time that the server was down: an alert from before the start that is
   * not among the elements, or only pending there, has not ended by that.
   */
  readonly settling?: { readonly startedMs: number };
}

export interface EvaluationElement {
  /** Labels of the alert: the element's, the rule's and `alertname`. */
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  /** `firing` once it has been active for the rule's `for`, and while `keep_firing_for` holds it. */
  readonly condition: 'pending' | 'firing';
  /** Since when the expression has selected it. */
  readonly activeAtMs: number;
}

/** An alerting rule as alerts need to know it. */
export interface AlertingRule {
  /** Stable over reloads: file, group and name, and the rule's place among those of that name. */
  readonly id: string;
  readonly file: string;
  readonly group: string;
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly intervalMs: number;
}
