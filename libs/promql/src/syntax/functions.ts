import type { ValueType } from './ast.js';

/** What a function takes and gives. */
export interface FunctionSignature {
  /** Types of the arguments in order; the last one repeats where more are allowed. */
  readonly args: readonly ValueType[];
  readonly result: ValueType;
  /** How many arguments a call has at least and at most. */
  readonly min: number;
  readonly max: number;
  /** Needs the experimental switch. */
  readonly experimental: boolean;
}

const TYPES: Readonly<Record<string, ValueType>> = { v: 'vector', m: 'matrix', s: 'scalar', t: 'string' };

/**
 * One line per shape, `result<arguments`, with v instant vector, m range vector, s scalar, t string. `?` after the last
 * argument makes it optional, `*` lets it come any number of times (also none), `{1,10}` between 1 and 10 times.
 */
const STABLE: Readonly<Record<string, string>> = {
  'v<v':
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count ' +
    'histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp',
  'v<m':
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time ' +
    'max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time',
  'v<v?': 'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  'v<vs': 'clamp_max clamp_min',
  'v<vss': 'clamp',
  'v<vs?': 'round',
  'v<ms': 'predict_linear',
  'v<sm': 'quantile_over_time',
  'v<sv': 'histogram_quantile',
  'v<ssv': 'histogram_fraction',
  'v<vtttt': 'label_replace',
  'v<vttt*': 'label_join',
  'v<s': 'vector',
  's<v': 'scalar',
  's<': 'pi time',
};

const EXPERIMENTAL: Readonly<Record<string, string>> = {
  'v<v': 'start_timestamp',
  'v<m':
    'first_over_time mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  'v<mss': 'double_exponential_smoothing',
  'v<vv?': 'info',
  'v<vts{1,10}': 'histogram_quantiles',
  'v<vt*': 'sort_by_label sort_by_label_desc',
  's<': 'end range start step',
  's<ss': 'max_of min_of',
};

/** Every function by name. */
export const functions: ReadonlyMap<string, FunctionSignature> = new Map([
  ...readTable(STABLE, false),
  ...readTable(EXPERIMENTAL, true),
]);

function* readTable(
  table: Readonly<Record<string, string>>,
  experimental: boolean,
): Generator<[string, FunctionSignature]> {
  for (const [shape, names] of Object.entries(table)) {
    const match = /^([vs])<([vmst]*)(\?|\*|\{(\d+),(\d+)\})?$/.exec(shape);
    if (!match) throw new Error(`unreadable shape ${shape}`);
    const [, result, letters, repeat, least, most] = match;
    const fixed = repeat === undefined ? letters.length : letters.length - 1;
    const signature: FunctionSignature = {
      args: Array.from(letters, (letter) => TYPES[letter]),
      result: TYPES[result],
      min: fixed + (least === undefined ? 0 : Number(least)),
      max: repeat === '*' ? Infinity : repeat === '?' ? fixed + 1 : fixed + (most === undefined ? 0 : Number(most)),
      experimental,
    };
    for (const name of names.split(' ')) yield [name, signature];
  }
}

export interface AggregationSignature {
  /** Type of the argument before the vector; absent when there is none. */
  readonly param?: 'scalar' | 'string';
  readonly experimental: boolean;
}

/** Every aggregation by its (lower-case) name. */
export const aggregations: ReadonlyMap<string, AggregationSignature> = new Map<string, AggregationSignature>([
  ...['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'].map((name): [string, AggregationSignature] => [
    name,
    { experimental: false },
  ]),
  ...['topk', 'bottomk', 'quantile'].map((name): [string, AggregationSignature] => [
    name,
    { param: 'scalar', experimental: false },
  ]),
  ['count_values', { param: 'string', experimental: false }],
  ...['limitk', 'limit_ratio'].map((name): [string, AggregationSignature] => [
    name,
    { param: 'scalar', experimental: true },
  ]),
]);
