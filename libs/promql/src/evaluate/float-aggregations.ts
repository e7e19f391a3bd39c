import { ABSENT, FLOAT } from './block.js';

/** State of every group at every step, in columns; cell (group, step) is at `group * steps + step`. */
export class FloatState {
  /** 1 where the group has had a sample. */
  seen = new Uint8Array(0);
  value = new Float64Array(0);
  /** Compensation of a sum, or the sum of squared distances. */
  second = new Float64Array(0);
  count = new Float64Array(0);
  mean = new Float64Array(0);
  /** 1 where a mean went over to the incremental form. */
  incremental = new Uint8Array(0);

  constructor(readonly steps: number) {}

  reserve(groups: number): void {
    const cells = groups * this.steps;
    if (cells <= this.seen.length) return;
    const size = Math.max(cells, this.seen.length * 2);
    const grow = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(size);
      to.set(from);
      return to;
    };
    const growFlags = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const to = new Uint8Array(size);
      to.set(from);
      return to;
    };
    this.seen = growFlags(this.seen);
    this.value = grow(this.value);
    this.second = grow(this.second);
    this.count = grow(this.count);
    this.mean = grow(this.mean);
    this.incremental = growFlags(this.incremental);
  }
}

export interface FloatAggregation {
  /** Adds one series' floats, from `cell` of the block on, to the group whose state begins at `at`. */
  readonly add: (state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number) => void;
  readonly result: (state: FloatState, at: number) => number;
}

function addSum(state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: sums, second, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] !== FLOAT) continue;
    const value = values[cell + step];
    const i = at + step;
    if (seen[i] === 0) {
      seen[i] = 1;
      sums[i] = value;
      continue;
    }
    const sum = sums[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) second[i] = 0;
    else if (Math.abs(sum) >= Math.abs(value)) second[i] += sum - total + value;
    else second[i] += value - total + sum;
    sums[i] = total;
  }
}

/** The mean as sum by count; once the sum would overflow, an incremental mean goes on from what was reached. */
function addAvg(state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: sums, second, count, mean, incremental, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] !== FLOAT) continue;
    const value = values[cell + step];
    const i = at + step;
    if (seen[i] === 0) {
      seen[i] = 1;
      sums[i] = value;
      count[i] = 1;
      continue;
    }
    const n = ++count[i];
    if (incremental[i] === 0) {
      const sum = sums[i];
      const total = sum + value;
      if (total !== Infinity && total !== -Infinity) {
        if (Math.abs(sum) >= Math.abs(value)) second[i] += sum - total + value;
        else second[i] += value - total + sum;
        sums[i] = total;
        continue;
      }
      incremental[i] = 1;
      mean[i] = sum / (n - 1);
      second[i] /= n - 1;
    }
    const weight = (n - 1) / n;
    const scaled = weight * mean[i];
    const part = value / n;
    const total = scaled + part;
    let compensation = weight * second[i];
    if (total === Infinity || total === -Infinity) compensation = 0;
    else if (Math.abs(scaled) >= Math.abs(part)) compensation += scaled - total + part;
    else compensation += part - total + scaled;
    second[i] = compensation;
    mean[i] = total;
  }
}

function addMax(state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: best, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] !== FLOAT) continue;
    const value = values[cell + step];
    const i = at + step;
    if (seen[i] === 0 || best[i] < value || best[i] !== best[i]) best[i] = value;
    seen[i] = 1;
  }
}

function addMin(state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: best, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] !== FLOAT) continue;
    const value = values[cell + step];
    const i = at + step;
    if (seen[i] === 0 || best[i] > value || best[i] !== best[i]) best[i] = value;
    seen[i] = 1;
  }
}

/** Counts samples of either kind. */
function addCount(state: FloatState, _values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: counts, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] === ABSENT) continue;
    seen[at + step] = 1;
    counts[at + step]++;
  }
}

function addGroup(state: FloatState, _values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, value: ones, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] === ABSENT) continue;
    seen[at + step] = 1;
    ones[at + step] = 1;
  }
}

/** Welford's method; a first value that is infinite or no number makes NaN of it all. */
function addVariance(state: FloatState, values: Float64Array, present: Uint8Array, cell: number, at: number): void {
  const { seen, second, count, mean, steps } = state;
  for (let step = 0; step < steps; step++) {
    if (present[cell + step] !== FLOAT) continue;
    const value = values[cell + step];
    const i = at + step;
    if (seen[i] === 0) {
      seen[i] = 1;
      count[i] = 1;
      mean[i] = value;
      second[i] = Number.isFinite(value) ? 0 : NaN;
      continue;
    }
    const n = ++count[i];
    const delta = value - mean[i];
    mean[i] += delta / n;
    second[i] += delta * (value - mean[i]);
  }
}

export const floatAggregations: ReadonlyMap<string, FloatAggregation> = new Map<string, FloatAggregation>([
  ['sum', { add: addSum, result: ({ value, second }, at) => value[at] + second[at] }],
  [
    'avg',
    {
      add: addAvg,
      result: ({ value, second, count, mean, incremental }, at) =>
        incremental[at] === 1 ? mean[at] + second[at] : value[at] / count[at] + second[at] / count[at],
    },
  ],
  ['max', { add: addMax, result: ({ value }, at) => value[at] }],
  ['min', { add: addMin, result: ({ value }, at) => value[at] }],
  ['count', { add: addCount, result: ({ value }, at) => value[at] }],
  ['group', { add: addGroup, result: ({ value }, at) => value[at] }],
  ['stdvar', { add: addVariance, result: ({ second, count }, at) => second[at] / count[at] }],
  ['stddev', { add: addVariance, result: ({ second, count }, at) => Math.sqrt(second[at] / count[at]) }],
]);
