import {
  createMatcher,
  type BinaryOperator,
  type Duration,
  type Expr,
  type Matcher,
  type VectorSelector,
} from '@opsroom/promql';
import fc from 'fast-check';

const range = { start: 0, end: 0 };

const labelName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('job', 'instance', 'le', 'sum', 'on', 'by', 'offset', '_x9') },
  { weight: 1, arbitrary: fc.constantFrom('http.status', 'ünïcode', 'with space', 'quo"te') },
);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'x y', '\\', '"', "'", '`', '\n', '\u0007', '\u00e9', '\u{1f600}'),
  fc.string(),
);
const metric = fc.constantFrom(
  'up',
  'foo:bar',
  'sum',
  'rate',
  'and',
  'step',
  'offset_total',
  'x',
  'by',
  'start',
  'min_of',
);

const seconds = fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constantFrom(1, 60, 86_400, 604_800, 31_536_000));
const positiveMs: fc.Arbitrary<number> = fc.oneof(
  seconds.map((s) => s * 1000),
  fc.integer({ min: 1, max: 100_000 }),
);

type DurationNode = Exclude<Duration, number>;
const durationNode: fc.Arbitrary<DurationNode> = fc.letrec<{ node: DurationNode; leaf: DurationNode }>((tie) => ({
  leaf: fc.oneof(
    seconds.map((s): DurationNode => ({ kind: 'duration-number', seconds: s, duration: true, range })),
    seconds.map((s): DurationNode => ({ kind: 'duration-number', seconds: s, duration: false, range })),
    fc.constant<DurationNode>({ kind: 'duration-step', range }),
    fc.constant<DurationNode>({ kind: 'duration-range', range }),
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('node').map((inner): DurationNode => ({ kind: 'duration-paren', inner, range })),
    fc
      .record({ operator: fc.constantFrom('min', 'max'), left: tie('node'), right: tie('node') })
      .map((d): DurationNode => ({ kind: 'duration-binary', ...d, range })),
    fc
      .record({ operator: fc.constantFrom('+', '-', '*', '/', '%', '^'), left: tie('leaf'), right: tie('leaf') })
      .map((d): DurationNode => ({ kind: 'duration-binary', ...d, range })),
  ),
})).node;

/** An expression over durations that is not a lone literal: a lone literal is read as a constant. */
const computed: fc.Arbitrary<DurationNode> = durationNode.filter((node) => node.kind !== 'duration-number');
const window: fc.Arbitrary<Duration> = fc.oneof(
  { weight: 4, arbitrary: positiveMs },
  { weight: 1, arbitrary: computed },
);
const offset: fc.Arbitrary<Duration> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: positiveMs },
  { weight: 1, arbitrary: positiveMs.map((ms) => -ms) },
  // After `offset` arithmetic needs parentheses.
  { weight: 1, arbitrary: computed.map((inner): Duration => ({ kind: 'duration-paren', inner, range })) },
);
const at = fc.option(
  fc.oneof(
    fc.constant({ kind: 'start' } as const),
    fc.constant({ kind: 'end' } as const),
    fc.integer({ min: -1_000_000_000, max: 2_000_000_000_000 }).map((timeMs) => ({ kind: 'time', timeMs }) as const),
  ),
  { nil: undefined, freq: 5 },
);

const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc
    .record({ name: labelName, operator: fc.constantFrom('=', '!='), value: text })
    .map((m) => createMatcher(m.name, m.operator, m.value)),
  fc
    .record({
      name: labelName,
      operator: fc.constantFrom('=~', '!~'),
      value: fc.constantFrom('a|b', 'x.*', '.+', '[a-c]d?', 'a\\.b', '(?i)ab'),
    })
    .map((m) => createMatcher(m.name, m.operator, m.value)),
);

const selector: fc.Arbitrary<VectorSelector> = fc
  .record({ name: metric, matchers: fc.array(matcher, { maxLength: 3 }), offset, at })
  .map(({ name, matchers, offset: back, at: pinned }) => ({
    kind: 'vector',
    name,
    matchers: [...matchers, createMatcher('__name__', '=', name)],
    offset: back,
    ...(pinned ? { at: pinned } : {}),
    range,
  }));

const numberValue = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 1e-9, 1e21, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, NaN),
  fc.double(),
);

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
const COMPARISON = ['==', '!=', '<', '<=', '>', '>='] as const;
const SETS = ['and', 'or', 'unless'] as const;

function call(func: string, args: readonly Expr[]): Expr {
  return { kind: 'call', func, args, range };
}

/** Random expressions that type-check with everything experimental switched on, without ranges and redundant parentheses. */
export const arbitraryExpr: fc.Arbitrary<Expr> = fc.letrec<{ scalar: Expr; vector: Expr; matrix: Expr }>((tie) => ({
  scalar: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numberValue.map((value): Expr => ({ kind: 'number', value, duration: false, range })),
    fc.constant(call('time', [])),
    tie('vector').map((v) => call('scalar', [v])),
    tie('scalar').map((expr): Expr => ({ kind: 'unary', operator: '-', expr, range })),
    fc
      .record({ operator: fc.constantFrom<BinaryOperator>(...ARITHMETIC), left: tie('scalar'), right: tie('scalar') })
      .map((b): Expr => ({ kind: 'binary', ...b, returnBool: false, range })),
  ),
  matrix: fc.oneof(
    { depthSize: 'small' },
    fc
      .record({ selector, window, extended: fc.constant(undefined) })
      .map((m): Expr => ({ kind: 'matrix', selector: m.selector, window: m.window, range })),
    fc
      .record({ expr: tie('vector'), window, step: fc.option(window, { nil: undefined }), offset, at })
      .map(({ step, at: pinned, ...rest }): Expr => ({
        kind: 'subquery',
        ...rest,
        ...(step === undefined ? {} : { step }),
        ...(pinned ? { at: pinned } : {}),
        range,
      })),
  ),
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    selector,
    fc
      .record({ f: fc.constantFrom('abs', 'absent', 'sort', 'timestamp'), v: tie('vector') })
      .map((c) => call(c.f, [c.v])),
    fc
      .record({ f: fc.constantFrom('rate', 'sum_over_time', 'first_over_time'), m: tie('matrix') })
      .map((c) => call(c.f, [c.m])),
    fc.record({ v: tie('vector'), s: tie('scalar') }).map((c) => call('clamp_max', [c.v, c.s])),
    fc
      .record({ v: tie('vector'), t: fc.array(text, { minLength: 4, maxLength: 4 }) })
      .map((c) => call('label_replace', [c.v, ...c.t.map((value): Expr => ({ kind: 'string', value, range }))])),
    fc
      .record({
        operator: fc.constantFrom('sum', 'avg', 'group', 'stddev'),
        expr: tie('vector'),
        without: fc.boolean(),
        grouping: fc.array(labelName, { maxLength: 3 }),
      })
      .map((a): Expr => ({ kind: 'aggregate', ...a, range })),
    fc
      .record({ operator: fc.constantFrom('topk', 'quantile', 'limitk'), expr: tie('vector'), param: tie('scalar') })
      .map((a): Expr => ({ kind: 'aggregate', ...a, without: false, grouping: [], range })),
    tie('vector').map((expr): Expr => ({ kind: 'unary', operator: '-', expr, range })),
    fc
      .record({ operator: fc.constantFrom<BinaryOperator>(...ARITHMETIC), left: tie('vector'), right: tie('scalar') })
      .map((b): Expr => ({ kind: 'binary', ...b, returnBool: false, range })),
    fc
      .record({
        operator: fc.constantFrom<BinaryOperator>(...COMPARISON),
        left: tie('scalar'),
        right: tie('vector'),
        returnBool: fc.boolean(),
      })
      .map((b): Expr => ({ kind: 'binary', ...b, range })),
    fc
      .record({
        operator: fc.constantFrom<BinaryOperator>(...ARITHMETIC, ...COMPARISON),
        left: tie('vector'),
        right: tie('vector'),
        on: fc.boolean(),
        labels: fc.array(fc.constantFrom('job', 'le', 'a.b'), { maxLength: 2 }),
        card: fc.constantFrom('one-to-one' as const, 'many-to-one' as const, 'one-to-many' as const),
        include: fc.array(fc.constantFrom('instance', 'é'), { maxLength: 2 }),
        fillLeft: fc.option(fc.constantFrom(0, -1.5, Infinity), { nil: undefined }),
        fillRight: fc.option(fc.constantFrom(0, 2), { nil: undefined }),
      })
      .map(({ operator, left, right, include, fillLeft, fillRight, ...m }): Expr => ({
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: false,
        matching: {
          ...m,
          include: m.card === 'one-to-one' ? [] : include,
          ...(fillLeft === undefined ? {} : { fillLeft }),
          ...(fillRight === undefined ? {} : { fillRight }),
        },
        range,
      })),
    fc
      .record({
        operator: fc.constantFrom<BinaryOperator>(...SETS),
        left: tie('vector'),
        right: tie('vector'),
        on: fc.boolean(),
      })
      .map(({ operator, left, right, on }): Expr => ({
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: false,
        matching: { card: 'many-to-many', on, labels: on ? ['job'] : [], include: [] },
        range,
      })),
  ),
})).vector;

/** A tree without what does not belong to its meaning: places in the text and compiled matchers. */
export function shape(expr: Expr): unknown {
  return JSON.parse(
    JSON.stringify(expr, (key, value: unknown) => {
      if (key === 'range') return undefined;
      if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
        return `number ${Object.is(value, -0) ? '-0' : value}`;
      if (key === 'matchers') return (value as Matcher[]).map((m) => [m.name, m.operator, m.value]).sort();
      return value;
    }),
  );
}
