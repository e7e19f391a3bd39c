import { hashText } from './labels.js';
import { type MatcherSpec, printMatchers } from './matchers.js';

/** Where a watcher stands in a topic's frames. An epoch ends when the server restarts or the topic is made anew. */
export interface Position {
  readonly epoch: string;
  /** Number of frames of this epoch up to and including this one; the first has 1. */
  readonly offset: number;
}

/** What a watcher asks for on `/metrics`. */
export interface TopicSpec {
  /** PromQL: an instant vector or a scalar. */
  readonly expr: string;
  /** Distance of two points, and the grid that evaluation times stand on (multiples of it since 1970). */
  readonly stepMs: number;
  /** How far the snapshot reaches back. */
  readonly windowMs: number;
}

/** Key of a metrics topic and name of its room. `canonicalExpr` is the printed form of the parsed expression. */
export function metricsTopicKey(canonicalExpr: string, stepMs: number, windowMs: number): string {
  return `m:${hashText(`${canonicalExpr}\n${stepMs}\n${windowMs}`)}`;
}

/** Key of an alerts topic and name of its room. */
export function alertsTopicKey(matchers: readonly MatcherSpec[]): string {
  return `a:${hashText(printMatchers(matchers))}`;
}
