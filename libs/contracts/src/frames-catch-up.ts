import type { MetricsDelta, WireChanges, WireColumn, WireValue } from './frames.js';

/**
 * One delta that does what several do one after another: for a watcher that has missed them. The frames follow on each other
 * without a gap. Tips that a later column replaces are folded into it, so the size goes with the points, not the frames.
 */
export function mergeDeltas(frames: readonly MetricsDelta[]): MetricsDelta {
  const first = frames[0];
  const last = frames.at(-1);
  if (!first || !last) throw new RangeError('nothing to merge');
  const series = frames.flatMap((frame) => frame.s ?? []);
  const corrections = mergeCorrections(frames);
  const annotations = frames.findLast((frame) => frame.a)?.a;
  return {
    t: last.t,
    e: last.e,
    o: last.o,
    b: first.b ?? first.o - 1,
    n: last.n,
    v: last.v,
    ...(series.length > 0 && { s: series }),
    c: mergeColumns(frames.flatMap((frame) => frame.c)),
    ...(corrections.length > 0 && { r: corrections }),
    ...(annotations && { a: annotations }),
  };
}

function mergeColumns(columns: readonly WireColumn[]): WireColumn[] {
  const merged: WireColumn[] = [];
  for (const column of columns) {
    const before = merged.at(-1);
    const replaces = before && (before[1] === 1 || before[0] === column[0]);
    if (replaces) merged[merged.length - 1] = [column[0], column[1], mergeChanges(before[2], column[2])];
    else merged.push(column);
  }
  return merged;
}

/** Corrections stand after the columns of their frame and before those of the next, which never touch the same column again. */
function mergeCorrections(frames: readonly MetricsDelta[]): (readonly [number, WireChanges])[] {
  const byTime = new Map<number, WireChanges>();
  for (const frame of frames) {
    for (const [timeMs, changes] of frame.r ?? []) {
      byTime.set(timeMs, mergeChanges(byTime.get(timeMs) ?? [], changes));
    }
  }
  return [...byTime];
}

function mergeChanges(earlier: WireChanges, later: WireChanges): WireChanges {
  const values = new Map<WireValue, WireValue>();
  for (const changes of [earlier, later]) {
    for (let i = 0; i + 1 < changes.length; i += 2) values.set(changes[i], changes[i + 1]);
  }
  return [...values].flat();
}
