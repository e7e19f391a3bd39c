import { byCodePoint } from '@opsroom/contracts';

type Metric = Readonly<Record<string, string>>;
type Point<T = string> = readonly [seconds: number, value: T];

/** A histogram of the HTTP API; a bucket's first number tells which of its bounds belong to it. */
export interface PrintedHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [boundaries: number, lower: string, upper: string, count: string])[];
}

/** `data` of a reply to a query: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
export type QueryData =
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point }
  | {
      readonly resultType: 'vector';
      readonly result: readonly {
        readonly metric: Metric;
        readonly value?: Point;
        readonly histogram?: Point<PrintedHistogram>;
      }[];
    }
  | {
      readonly resultType: 'matrix';
      readonly result: readonly {
        readonly metric: Metric;
        readonly values?: readonly Point[];
        readonly histograms?: readonly Point<PrintedHistogram>[];
      }[];
    };

/** The text that `promtool query instant` and `range` print for it, without the last line's end. */
export function printResult(data: QueryData): string {
  switch (data.resultType) {
    case 'string':
      return data.result[1];
    case 'scalar':
      return `scalar: ${printNumber(data.result[1])} @[${data.result[0]}]`;
    case 'vector':
      return data.result
        .map(({ metric, value, histogram }) => `${printMetric(metric)} => ${printPoints(value, histogram)}`)
        .join('\n');
    case 'matrix':
      return [...data.result]
        .map(({ metric, values = [], histograms = [] }) => ({ name: printMetric(metric), values, histograms }))
        .map(({ name, values, histograms }) =>
          [
            `${name} =>`,
            ...values.map((one) => printPoints(one)),
            ...histograms.map((one) => printPoints(undefined, one)),
          ].join('\n'),
        )
        .join('\n');
  }
}

function printPoints(value: Point | undefined, histogram?: Point<PrintedHistogram>): string {
  if (histogram) return `${printHistogram(histogram[1])} @[${histogram[0]}]`;
  return value ? `${printNumber(value[1])} @[${value[0]}]` : '';
}

function printMetric({ __name__: name = '', ...labels }: Metric): string {
  const pairs = Object.keys(labels)
    .sort(byCodePoint)
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return name !== '' && pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}

function printHistogram({ count, sum, buckets = [] }: PrintedHistogram): string {
  const printed = buckets.map(([boundaries, lower, upper, inside]) => {
    const open = boundaries === 1 || boundaries === 3 ? '[' : '(';
    const close = boundaries === 0 || boundaries === 3 ? ']' : ')';
    return `${open}${lower},${upper}${close}:${printNumber(inside)}`;
  });
  return `Count: ${Number(count).toFixed(6)}, Sum: ${Number(sum).toFixed(6)}, Buckets: [${printed.join(' ')}]`;
}

/** A number of the API without an exponent, however long that gets. */
function printNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponent] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
