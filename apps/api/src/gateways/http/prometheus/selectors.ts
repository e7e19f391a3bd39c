import { type Matcher, parseExpr, PromqlSyntaxError } from '@opsroom/promql';
import { MAX_TIME_MS, MIN_TIME_MS, type Parameters } from './parameters.js';
import { invalidParameter } from './prometheus-error.js';
import { queryError } from './query-errors.js';

/** Series that a request is about: in one of the selectors, with samples between the times. */
export interface SeriesScope {
  readonly matcherSets: readonly (readonly Matcher[])[];
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads `match[]`, `start` and `end`; without times, all of time. Throws `PrometheusError`. */
export function readScope(parameters: Parameters): SeriesScope {
  const startMs = parameters.time('start', MIN_TIME_MS);
  const endMs = parameters.time('end', MAX_TIME_MS);
  return { startMs, endMs, matcherSets: readSelectors(parameters) };
}

/** Selectors of `match[]`; each must have a matcher that the empty value does not satisfy. */
export function readSelectors(parameters: Parameters): Matcher[][] {
  return parameters.all('match[]').map((text) => {
    const matchers = readSelector(text);
    if (matchers.every((matcher) => matcher.matches(''))) {
      throw invalidParameter('match[]', 'match[] must contain at least one non-empty matcher');
    }
    return matchers;
  });
}

function readSelector(text: string): Matcher[] {
  try {
    const expr = parseExpr(text);
    if (expr.kind !== 'vector' || expr.offset !== 0 || expr.at) {
      throw new PromqlSyntaxError('expected a series selector like up{job="x"}', expr.range);
    }
    return [...expr.matchers];
  } catch (error) {
    // The expression's own rule against empty selectors comes in Prometheus's words for this parameter.
    if (error instanceof PromqlSyntaxError && error.message.includes('at least one non-empty matcher')) {
      throw invalidParameter('match[]', 'match[] must contain at least one non-empty matcher');
    }
    throw queryError(error, text, 'match[]');
  }
}
