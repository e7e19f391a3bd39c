import type { TextRange } from '@opsroom/contracts';
import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  multiplyHistogram,
  subtractHistograms,
} from '../histogram/arithmetic.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { equalHistograms, withHint } from '../histogram/layout.js';
import { trimHistogram } from '../histogram/trim.js';
import type { BinaryOperator } from '../syntax/ast.js';
import { type Annotation, annotate } from './annotations.js';
import { power } from './numbers.js';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(operator: BinaryOperator): boolean {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): boolean {
  return SET_OPERATORS.has(operator);
}

/** The metric's name no longer fits what the operator makes of it. */
export function changesMeaning(operator: BinaryOperator): boolean {
  return !isComparison(operator) && operator !== '</' && operator !== '>/';
}

/** Between two scalars; a comparison gives 0 or 1. */
export function scalarOperation(operator: BinaryOperator, a: number, b: number): number {
  if (isComparison(operator)) return comparison(operator)(a, b) ? 1 : 0;
  return arithmetic(operator)(a, b);
}

export function arithmetic(operator: BinaryOperator): (a: number, b: number) => number {
  switch (operator) {
    case '+':
      return (a, b) => a + b;
    case '-':
      return (a, b) => a - b;
    case '*':
      return (a, b) => a * b;
    case '/':
      return (a, b) => a / b;
    case '%':
      return (a, b) => a % b;
    case '^':
      return power;
    case 'atan2':
      return Math.atan2;
    default:
      throw new TypeError(`${operator} is not an arithmetic operator`);
  }
}

export function comparison(operator: BinaryOperator): (a: number, b: number) => boolean {
  switch (operator) {
    case '==':
      return (a, b) => a === b;
    case '!=':
      return (a, b) => a !== b;
    case '>':
      return (a, b) => a > b;
    case '<':
      return (a, b) => a < b;
    case '>=':
      return (a, b) => a >= b;
    case '<=':
      return (a, b) => a <= b;
    default:
      throw new TypeError(`${operator} is not a comparison`);
  }
}

/** What an operator makes of two samples of which at least one is a histogram. */
export interface MixedResult {
  /** The histogram that comes out; undefined where there is no result. */
  readonly histogram: FloatHistogram | undefined;
  /** A comparison that does not hold has a result that is not kept. */
  readonly keep: boolean;
  /** Combinations that make no sense have neither result nor truth. */
  readonly valid: boolean;
  readonly annotations: readonly Annotation[];
}

const nothing = (annotation: Annotation): MixedResult => ({
  histogram: undefined,
  keep: false,
  valid: false,
  annotations: [annotation],
});
const just = (histogram: FloatHistogram, keep = true): MixedResult => ({
  histogram,
  keep,
  valid: true,
  annotations: [],
});

export function mixedOperation(
  operator: BinaryOperator,
  a: number | FloatHistogram,
  b: number | FloatHistogram,
  range: TextRange,
): MixedResult {
  if (typeof a === 'number') {
    if (typeof b === 'number') return nothing(annotate.incompatibleTypes('float', operator, 'float', range));
    if (operator === '*') return just(compactHistogram(multiplyHistogram(b, a)));
    return nothing(annotate.incompatibleTypes('float', operator, 'histogram', range));
  }
  if (typeof b === 'number') {
    switch (operator) {
      case '*':
        return just(compactHistogram(multiplyHistogram(a, b)));
      case '/':
        return just(compactHistogram(divideHistogram(a, b)));
      case '</':
        return just(trimHistogram(a, b, 'below'));
      case '>/':
        return just(trimHistogram(a, b, 'above'));
      default:
        return nothing(annotate.incompatibleTypes('histogram', operator, 'float', range));
    }
  }
  switch (operator) {
    case '+':
    case '-':
      return combined(operator, a, b, range);
    case '==':
      return just(a, equalHistograms(a, b));
    case '!=':
      return just(a, !equalHistograms(a, b));
    default:
      return nothing(annotate.incompatibleTypes('histogram', operator, 'histogram', range));
  }
}

function combined(operator: '+' | '-', a: FloatHistogram, b: FloatHistogram, range: TextRange): MixedResult {
  const add = operator === '+';
  const result = add ? addHistograms(a, b) : subtractHistograms(a, b);
  if (result === undefined) return nothing(annotate.incompatibleBuckets(operator, range));
  const operation = add ? 'addition' : 'subtraction';
  // Contradicting hints make the sum worthless: the sample is left out.
  if (result.collision) return nothing(annotate.resetCollision(operation, range));
  const histogram = compactHistogram(result.histogram);
  return {
    histogram: add ? histogram : withHint(histogram, 'gauge'),
    keep: true,
    valid: true,
    annotations: result.reconciled ? [annotate.bucketsReconciled(operation, range)] : [],
  };
}
