import type { AlertView } from './alerts.js';
import type { LabelSet } from './labels.js';

/** A rule file as the editor shows it. The file on the server's disk is the source of truth. */
export interface RuleFileView {
  /** As messages and alerts name it. */
  readonly name: string;
  readonly text: string;
  /** Hash of the text: a writer says which version it has changed. */
  readonly version: string;
  /** Why it cannot be written; absent when it can. */
  readonly readOnly?: string;
  /** Why it cannot be removed; absent when it can. */
  readonly kept?: string;
}

/** A folder that takes new rule files, because a pattern of `rule_files` reads it. */
export interface RuleFilePlace {
  /** How names of files there begin: `rules/`, or nothing for the configuration's own folder. */
  readonly folder: string;
  /** What the rest of a name must match: `*.yml`. */
  readonly pattern: string;
}

/** Where new rule files may be made; the first is the usual one. */
export interface RuleFilePlaces {
  readonly places: readonly RuleFilePlace[];
  /** Why there is none, and what to do instead; absent when there is one. */
  readonly none?: string;
}

/** One problem of a rule file; `message` begins with `file:line: `. */
export interface RuleProblem {
  readonly message: string;
  /** Counts from 1; absent where the problem has no place. */
  readonly line?: number;
}

/** What alerting rules would have done in the past, by the samples that are stored. */
export interface BackTest {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly rules: readonly BackTestedRule[];
}

export interface BackTestedRule {
  readonly name: string;
  readonly expr: string;
  /** How many times an alert of it would have fired. */
  readonly fired: number;
  /** For how long any of its alerts would have fired, ms. */
  readonly firingMs: number;
  /** The newest of them, at most 200. */
  readonly episodes: readonly BackTestEpisode[];
  /** Why it could not be tried. */
  readonly error?: string;
}

export interface BackTestEpisode {
  readonly labels: LabelSet;
  readonly firedAtMs: number;
  /** Null: it would still fire. */
  readonly resolvedAtMs: number | null;
  /** The value when it fired. */
  readonly value: AlertView['value'];
}
