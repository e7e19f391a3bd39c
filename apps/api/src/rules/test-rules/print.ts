import { byCodePoint, type LabelSet } from '@opsroom/contracts';
import {
  type FloatHistogram,
  isStale,
  type Labels,
  printHistogram,
  printNumber,
  type SeriesSamples,
} from '@opsroom/promql';

/** An alert as a test expects or gets it. */
export interface TestedAlert {
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
}

export interface TestedSample {
  readonly labels: Labels;
  readonly value: number;
  readonly histogram?: FloatHistogram;
}

const INDENT = ' '.repeat(12);

/** Labels as Prometheus prints them: `{a="b", c="d"}`, sorted, the metric's name among them. */
function printLabels(labels: LabelSet): string {
  const names = Object.keys(labels)
    .filter((name) => labels[name] !== '')
    .sort(byCodePoint);
  return `{${names.map((name) => `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(labels[name])}`).join(', ')}}`;
}

/** Alerts over several lines, indented as promtool does. */
export function printAlerts(alerts: readonly TestedAlert[]): string {
  if (alerts.length === 0) return '[]';
  const items = alerts.map(
    (alert, i) => `${i}:\n  Labels:${printLabels(alert.labels)}\n  Annotations:${printLabels(alert.annotations)}`,
  );
  return `[\n${items.join(',\n')}\n]`.replaceAll('\n', `\n${INDENT}`);
}

/**
 * What was expected and did not come (`-`), and what came instead (`+`), alert by alert and label by label; what is the same of
 * an alert that differs stands between.
 */
export function diffAlerts(expected: readonly TestedAlert[], got: readonly TestedAlert[]): string {
  const [want, have] = [expected, got].map((alerts) => new Map(alerts.map((alert) => [printAlert(alert), alert])));
  const missing = [...want].filter(([text]) => !have.has(text)).map(([, alert]) => alert);
  const surplus = [...have].filter(([text]) => !want.has(text)).map(([, alert]) => alert);
  const lines = Array.from({ length: Math.max(missing.length, surplus.length) }, (_, i) => [
    '  alert:',
    ...diffSets('labels', missing[i]?.labels, surplus[i]?.labels),
    ...diffSets('annotations', missing[i]?.annotations, surplus[i]?.annotations),
  ]);
  return lines
    .flat()
    .map((line) => `${INDENT}${line}`)
    .join('\n');
}

function diffSets(what: string, expected: LabelSet = {}, got: LabelSet = {}): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort(byCodePoint);
  const line = (sign: string, set: LabelSet, name: string): string[] =>
    name in set ? [`${sign}     ${name}=${JSON.stringify(set[name])}`] : [];
  const lines = names.flatMap((name) =>
    expected[name] === got[name] ? line(' ', got, name) : [...line('-', expected, name), ...line('+', got, name)],
  );
  return lines.length === 0 ? [] : [`    ${what}:`, ...lines];
}

const printAlert = ({ labels, annotations }: TestedAlert): string => printLabels(labels) + printLabels(annotations);

/** Series with all their samples, as Prometheus prints a matrix: `x{a="b"} =>`, then `value @[ms]` line by line. */
export function printSeries(all: Iterable<SeriesSamples>): string[] {
  return [...all]
    .sort((a, b) => compareLabels(a.labels.toObject(), b.labels.toObject()))
    .flatMap(({ labels, timestamps, values, histograms, from, to }) => {
      const lines = [`${printMetric(labels.toObject())} =>`];
      for (let i = from; i < to; i++) {
        if (isStale(values, i)) continue;
        const histogram = histograms?.[i];
        lines.push(`${histogram ? printHistogram(histogram) : printNumber(values[i])} @[${timestamps[i]}]`);
      }
      return lines;
    });
}

function printMetric({ __name__: name = '', ...rest }: LabelSet): string {
  return name !== '' && Object.keys(rest).length === 0 ? name : `${name}${printLabels(rest)}`;
}

export function printSamples(samples: readonly TestedSample[]): string {
  if (samples.length === 0) return 'nil';
  const print = ({ labels, value, histogram }: TestedSample): string =>
    `${printLabels(labels.toObject())} ${histogram ? printHistogram(histogram) : printExponent(value)}`;
  return samples.map(print).join(', ');
}

/** Go's `%E` with the fewest digits: `1.5E+01`. */
function printExponent(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = value
    .toExponential()
    .replace(/e([+-])(\d)$/, 'e$10$2')
    .toUpperCase();
  return Object.is(value, -0) ? `-${text}` : text;
}

/** A time since the start as Go prints a duration: `1m0s`, `1h30m0s`. */
export function printElapsed(ms: number): string {
  const seconds = `${(ms % 60_000) / 1000}s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}h${minutes % 60}m${seconds}` : `${minutes}m${seconds}`;
}

/** Orders label sets as Prometheus does: pair by pair, names before values. */
export function compareLabels(a: LabelSet, b: LabelSet): number {
  const x = Object.keys(a).sort(byCodePoint);
  const y = Object.keys(b).sort(byCodePoint);
  for (let i = 0; i < x.length && i < y.length; i++) {
    const order = byCodePoint(x[i], y[i]) || byCodePoint(a[x[i]], b[y[i]]);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}
