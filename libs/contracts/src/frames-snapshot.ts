import { absentColumn, copyValue, isAbsent } from './frames-absent.js';
import type { TopicBuffer } from './frames-buffer.js';
import type { MetricsSnapshot } from './frames.js';

/** The whole of a buffer for one watcher, thinned to about `maxPoints` columns where it has more. */
export function takeSnapshot(
  topic: string,
  buffer: TopicBuffer,
  spec: { readonly stepMs: number; readonly windowMs: number },
  maxPoints = Infinity,
): MetricsSnapshot {
  if (!buffer.position) throw new RangeError('the buffer has no position yet');
  const picked = pickColumns(buffer, maxPoints);
  return {
    kind: 'snapshot',
    topic,
    position: buffer.position,
    ...spec,
    tip: buffer.tip,
    newestMs: buffer.newestMs,
    evaluatedMs: buffer.evaluatedMs,
    series: [...buffer.series],
    times: new Uint8Array(picked.times.buffer),
    values: new Uint8Array(picked.values.buffer),
    ...(picked.thinned && { thinned: true }),
    ...(buffer.annotations.length > 0 && { annotations: buffer.annotations }),
  };
}

interface Picked {
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly thinned: boolean;
}

/**
 * Splits the columns into buckets of equal count; each gives two columns, at its first and last time, with every series'
 * minimum and maximum in the order in which they occurred. The newest column stays as it is, since deltas build on it.
 */
function pickColumns(buffer: TopicBuffer, maxPoints: number): Picked {
  const { from, to, length } = buffer;
  if (length <= maxPoints || length <= 3) {
    const values = new Float64Array(buffer.columns.length * length);
    buffer.columns.forEach((column, series) => values.set(column.subarray(from, to), series * length));
    return { times: buffer.times.slice(from, to), values, thinned: false };
  }
  const size = Math.ceil((length - 1) / Math.max(1, Math.floor((maxPoints - 1) / 2)));
  const points = 2 * Math.floor((length - 1) / size) + Math.min(2, (length - 1) % size) + 1;
  const times = new Float64Array(points);
  const values = absentColumn(points * buffer.columns.length);
  let point = 0;
  const put = (time: number, indexOf: (column: Float64Array) => number): void => {
    times[point] = buffer.times[time];
    buffer.columns.forEach((column, series) => copyValue(column, indexOf(column), values, series * points + point));
    point++;
  };
  for (let start = from; start < to - 1; start += size) {
    const end = Math.min(start + size, to - 1);
    if (end - start === 1) {
      put(start, () => start);
      continue;
    }
    put(start, (column) => extremes(column, start, end)[0]);
    put(end - 1, (column) => extremes(column, start, end)[1]);
  }
  put(to - 1, () => to - 1);
  return { times, values, thinned: true };
}

/** Indexes of the smallest and the largest value in [start, end), the earlier first; `start` twice when there is none. */
function extremes(column: Float64Array, start: number, end: number): [number, number] {
  let least = -1;
  let most = -1;
  let notANumber = -1;
  for (let i = start; i < end; i++) {
    const value = column[i];
    if (Number.isNaN(value)) {
      if (notANumber < 0 && !isAbsent(column, i)) notANumber = i;
      continue;
    }
    if (least < 0 || value < column[least]) least = i;
    if (most < 0 || value > column[most]) most = i;
  }
  if (least < 0) return notANumber < 0 ? [start, start] : [notANumber, notANumber];
  return least < most ? [least, most] : [most, least];
}
