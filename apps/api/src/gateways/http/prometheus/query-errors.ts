import { PromqlExecutionError, PromqlLimitError, PromqlSyntaxError } from '@opsroom/promql';
import { invalidParameter, PrometheusError } from './prometheus-error.js';

/** An error of the language as Prometheus's API tells it; others pass as they are. `parameter` is where the text came from. */
export function queryError(error: unknown, text: string, parameter = 'query'): unknown {
  if (error instanceof PromqlSyntaxError) {
    return invalidParameter(parameter, `${lineAndColumn(text, error.range.start)}: parse error: ${error.message}`);
  }
  if (error instanceof PromqlExecutionError) {
    // The type of a range query's expression is an error of the parameter, though it shows only now.
    return error.message.startsWith('invalid expression type')
      ? invalidParameter(parameter, error.message)
      : new PrometheusError('execution', error.message);
  }
  if (error instanceof PromqlLimitError) {
    switch (error.limit) {
      case 'points':
        return new PrometheusError('bad_data', error.message);
      case 'time':
        return new PrometheusError('timeout', error.message);
      case 'cancelled':
        return new PrometheusError('canceled', error.message);
      case 'samples':
      case 'series':
        return new PrometheusError('execution', error.message);
    }
  }
  return error;
}

/** `line:column` from 1, columns in bytes, as Prometheus counts them. */
function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `${line}:${Buffer.byteLength(before.slice(lineStart)) + 1}`;
}
