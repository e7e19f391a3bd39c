/** Random numbers from a seed, so that a failure can be repeated. */
export class Dice {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 2 ** 32;
  }

  /** In [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** True once in n times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }
}

const GAUGES = ['temperature', 'queue_length', 'flapping'] as const;
const COUNTERS = ['requests_total', 'bytes_total'] as const;
const LABELS = ['host', 'zone', 'kind'] as const;
const FILTERS = [
  '',
  '{host="h1"}',
  '{zone!="z0"}',
  '{kind=~"a|b"}',
  '{host=~"h[12]",kind!~"b.*"}',
  '{zone=~".+",kind=""}',
  '{none=""}',
] as const;
const WINDOWS = ['45s', '2m', '5m', '17m'] as const;
const OVER_TIME = ['sum', 'avg', 'min', 'max', 'count', 'last', 'stddev', 'stdvar', 'present'] as const;
const MATHS = [
  'abs',
  'ceil',
  'floor',
  'exp',
  'sqrt',
  'ln',
  'log2',
  'log10',
  'sgn',
  'rad',
  'deg',
  'sin',
  'cosh',
  'atan',
] as const;
const CALENDAR = [
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
] as const;

function selector(dice: Dice, names: readonly string[]): string {
  return `${dice.pick(names)}${dice.pick(FILTERS)}`;
}

function shift(dice: Dice): string {
  const offset = dice.once(5) ? ` offset ${dice.pick(['90s', '-1m', '13m'])}` : '';
  const at = dice.once(8) ? ` @ ${dice.pick(['start()', 'end()'])}` : '';
  return at + offset;
}

/** Subqueries stand in no other one: at its aligned steps their edges would coincide, where versions differ. */
function window(dice: Dice, names: readonly string[], depth: number): string {
  const inner = depth > 0 && dice.once(4) ? vector(dice, depth - 1) : ':';
  if (!inner.includes(':')) {
    return `(${inner})[${dice.pick(['3m', '11m'])}:${dice.pick(['30s', '1m', ''])}]${shift(dice)}`;
  }
  return `${selector(dice, names)}[${dice.pick(WINDOWS)}]${shift(dice)}`;
}

function grouping(dice: Dice): string {
  const labels = LABELS.filter(() => dice.once(2)).join(', ');
  return dice.pick(['', ` by (${labels})`, ` without (${labels})`]);
}

function scalar(dice: Dice, depth: number): string {
  const kind = dice.below(depth > 0 ? 6 : 3);
  if (kind < 3) return dice.pick(['0', '1', '2.5', '-3', '60', '1e3', 'time()', 'pi()']);
  if (kind === 3) return `scalar(${vector(dice, depth - 1)})`;
  return `(${scalar(dice, depth - 1)} ${dice.pick(['+', '-', '*', '/', '%', '^', '> bool'])} ${scalar(dice, depth - 1)})`;
}

/**
 * An expression of the language that Prometheus 2.42 and 3 have in common and define alike: no stddev over NaN, no names
 * after atan2, no rates of counters near zero, no offsets of timestamps that `@` pins.
 */
export function vector(dice: Dice, depth: number): string {
  if (depth === 0) return `${selector(dice, [...GAUGES, ...COUNTERS])}${shift(dice)}`;
  const inner = (): string => vector(dice, depth - 1);
  switch (dice.below(14)) {
    case 0:
      return dice.once(2)
        ? `${dice.pick(['rate', 'increase'])}(${window(dice, ['bytes_total'], 0)})`
        : `${dice.pick(['irate', 'resets'])}(${window(dice, COUNTERS, 0)})`;
    case 1:
      return `${dice.pick(['delta', 'idelta', 'changes', 'deriv'])}(${window(dice, GAUGES, depth)})`;
    case 2:
      return `${dice.pick(OVER_TIME)}_over_time(${window(dice, [...GAUGES, ...COUNTERS], depth)})`;
    case 3:
      return `quantile_over_time(${dice.pick(['0.1', '0.5', '0.99'])}, ${window(dice, GAUGES, depth)})`;
    case 4:
      // Version 2 lets a pinned window move on with the steps.
      return `predict_linear(${window(dice, GAUGES, depth).replace(/ @ \w+\(\)/g, '')}, ${dice.pick(['600', '-60'])})`;
    case 5:
    case 6:
      return `${dice.pick(['sum', 'avg', 'min', 'max', 'count', 'group'])}${grouping(dice)} (${inner()})`;
    case 7:
      return `quantile${grouping(dice)} (${dice.pick(['0', '0.3', '0.9'])}, ${inner()})`;
    case 8:
      return `${dice.pick(MATHS)}(${inner()})`;
    case 9:
      return dice.pick([
        `round(${inner()}, ${dice.pick(['1', '0.25', '10'])})`,
        `clamp(${inner()}, ${scalar(dice, 0)}, ${scalar(dice, 0)})`,
        `clamp_min(${inner()}, ${scalar(dice, 0)})`,
        `clamp_max(${inner()}, ${scalar(dice, 0)})`,
        `absent(${inner()})`,
        `absent_over_time(${window(dice, GAUGES, 0)})`,
        `vector(${scalar(dice, depth - 1)})`,
        `timestamp(${inner().replace(/^(\S+) @ \w+\(\) offset.*$/, '$1')})`,
        `${dice.pick(CALENDAR)}(vector(time() * 1000))`,
        `label_replace(${inner()}, "copy", "<$1>", "host", "h(.)")`,
        `label_join(${inner()}, "both", "-", "zone", "kind")`,
        `-${inner()}`,
      ]);
    case 10:
      return `(${inner()}) ${dice.pick(['+', '-', '*', '/', '%', '^', '>', '<=', '== bool', '!='])} ${scalar(dice, depth - 1)}`;
    case 11:
      return `${scalar(dice, depth - 1)} ${dice.pick(['+', '-', '*', '/', '<', '>= bool'])} (${inner()})`;
    case 12: {
      const operator = dice.pick(['+', '-', '*', '/', '>', '== bool']);
      // Whether a comparison may drop one of two matches differs.
      const matching = operator === '>' ? '' : dice.pick(['', 'on (host, zone, kind)', 'ignoring (kind)', 'on (host)']);
      const group = matching === '' ? '' : dice.pick(['', 'group_left ', 'group_right ', 'group_left (zone) ']);
      return `(${inner()}) ${operator} ${matching} ${group}(${inner()})`.replace(
        'on (host, zone, kind) group_left (zone)',
        'on (host) group_left (zone)',
      );
    }
    default:
      return `(${inner()}) ${dice.pick(['and', 'or', 'unless'])} ${dice.pick(['', 'on (host)', 'ignoring (zone, kind)'])} (${inner()})`;
  }
}
