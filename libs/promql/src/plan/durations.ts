import { PromqlExecutionError } from '../errors.js';
import { maxOf, minOf, power } from '../evaluate/numbers.js';
import type { AtModifier, Duration, DurationExpr } from '../syntax/ast.js';

/** What durations and `@` may refer to: the query as a whole, not the subquery around them. Times in ms. */
export interface QueryTimes {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
}

/** A duration in ms. Throws where it is infinite or no number. */
export function resolveDuration(duration: Duration, times: QueryTimes): number {
  if (typeof duration === 'number') return duration;
  const ms = Math.round(seconds(duration, times) * 1000);
  if (!Number.isFinite(ms)) throw new PromqlExecutionError(`${place(duration)}: duration is out of range`);
  return ms;
}

/** Like `resolveDuration`, for windows and steps, which have to be positive. */
export function resolvePositiveDuration(duration: Duration, times: QueryTimes): number {
  const ms = resolveDuration(duration, times);
  if (ms <= 0) {
    const where = typeof duration === 'number' ? '' : `${place(duration)}: `;
    throw new PromqlExecutionError(`${where}duration must be greater than 0`);
  }
  return ms;
}

/** Where `@` pins a selector, in ms; undefined where it moves with the steps. */
export function resolveAt(at: AtModifier | undefined, times: QueryTimes): number | undefined {
  switch (at?.kind) {
    case 'time':
      return at.timeMs;
    case 'start':
      return times.startMs;
    case 'end':
      return times.endMs;
    case undefined:
      return undefined;
  }
}

function seconds(expr: DurationExpr, times: QueryTimes): number {
  switch (expr.kind) {
    case 'duration-number':
      return expr.seconds;
    case 'duration-step':
      return times.stepMs / 1000;
    case 'duration-range':
      return (times.endMs - times.startMs) / 1000;
    case 'duration-unary': {
      const value = seconds(expr.operand, times);
      return expr.operator === '-' ? -value : value;
    }
    case 'duration-paren':
      return seconds(expr.inner, times);
    case 'duration-binary': {
      const left = seconds(expr.left, times);
      const right = seconds(expr.right, times);
      if (right === 0 && (expr.operator === '/' || expr.operator === '%')) {
        throw new PromqlExecutionError(`${place(expr)}: ${expr.operator === '/' ? 'division' : 'modulo'} by zero`);
      }
      return arithmetic(expr.operator, left, right);
    }
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%' | '^' | 'min' | 'max', a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return power(a, b);
    case 'min':
      return minOf(a, b);
    case 'max':
      return maxOf(a, b);
  }
}

function place(expr: DurationExpr): string {
  return `1:${expr.range.start + 1}`;
}

/** Equal for equal durations and no others. */
export function durationKey(duration: Duration | undefined): string {
  if (duration === undefined) return '';
  if (typeof duration === 'number') return String(duration);
  switch (duration.kind) {
    case 'duration-number':
      return `${duration.seconds}s`;
    case 'duration-step':
      return 'step()';
    case 'duration-range':
      return 'range()';
    case 'duration-unary':
      return `(${duration.operator}${durationKey(duration.operand)})`;
    case 'duration-paren':
      return durationKey(duration.inner);
    case 'duration-binary':
      return `(${durationKey(duration.left)} ${duration.operator} ${durationKey(duration.right)})`;
  }
}
