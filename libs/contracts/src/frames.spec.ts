import fc from 'fast-check';
import { absentColumn, isAbsent, writeAbsent } from './frames-absent.js';
import { TopicBuffer } from './frames-buffer.js';
import { mergeDeltas } from './frames-catch-up.js';
import { DeltaRecorder } from './frames-recorder.js';
import { takeSnapshot } from './frames-snapshot.js';
import { type BinaryColumns, fromWire, type MetricsDelta, type MetricsFrame, toWire } from './frames.js';

const WINDOW_MS = 10_000;
const spec = { stepMs: 1000, windowMs: WINDOW_MS };

/** Rows as tests write them: null is absent. */
function row(...values: (number | null)[]): Float64Array {
  const result = absentColumn(values.length);
  values.forEach((value, i) => {
    if (value !== null) result[i] = value;
  });
  return result;
}

/** Everything that a watcher can see, absent as null and NaN as text. */
function seen(buffer: TopicBuffer) {
  const cell = (column: Float64Array, i: number) => (isAbsent(column, i) ? null : toWire(column[i]));
  return {
    times: [...buffer.times.subarray(buffer.from, buffer.to)],
    columns: buffer.columns.map((column) =>
      Array.from({ length: buffer.length }, (_, i) => cell(column, buffer.from + i)),
    ),
    series: [...buffer.series],
    tip: buffer.tip,
    position: buffer.position,
    newestMs: buffer.newestMs,
    annotations: [...buffer.annotations],
  };
}

const overTheWire = <T extends MetricsFrame>(frame: T): T =>
  'kind' in frame ? frame : (JSON.parse(JSON.stringify(frame)) as T);

describe('golden packets', () => {
  const recorder = new DeltaRecorder('m:1', 'e1', WINDOW_MS);
  const packets: string[] = [];
  const record = (newestMs: number, work: () => void): void => {
    work();
    packets.push(JSON.stringify(recorder.take(newestMs, newestMs + 20)));
  };

  it('are what docs/protocol.md shows', () => {
    record(5000, () => {
      recorder.addSeries({ mode: 'idle' });
      recorder.addSeries({ mode: 'user' });
      recorder.column(5000, false, row(0.5, NaN));
    });
    record(5400, () => recorder.column(5400, true, row(0.5, Infinity)));
    record(6000, () => recorder.column(6000, false, row(null, -0)));
    record(6000, () => recorder.correct(5000, row(0.25, NaN)));
    record(7000, () => {
      recorder.column(7000, false, row(null, -0));
      recorder.annotate(['metric might not be a counter']);
    });
    expect(packets).toEqual([
      '{"t":"m:1","e":"e1","o":1,"n":5000,"v":5020,"s":[[0,{"mode":"idle"}],[1,{"mode":"user"}]],"c":[[5000,0,[0,0.5,1,"NaN"]]]}',
      '{"t":"m:1","e":"e1","o":2,"n":5400,"v":5420,"c":[[5400,1,[1,"+Inf"]]]}',
      '{"t":"m:1","e":"e1","o":3,"n":6000,"v":6020,"c":[[6000,0,[0,null,1,"-0"]]]}',
      '{"t":"m:1","e":"e1","o":4,"n":6000,"v":6020,"c":[],"r":[[5000,[0,0.25]]]}',
      '{"t":"m:1","e":"e1","o":5,"n":7000,"v":7020,"c":[[7000,0,[]]],"a":["metric might not be a counter"]}',
    ]);
  });

  it('fold to the columns that were recorded', () => {
    const watcher = new TopicBuffer(WINDOW_MS);
    watcher.apply(takeSnapshot('m:1', new DeltaRecorder('m:1', 'e1', WINDOW_MS).buffer, spec));
    for (const packet of packets) expect(watcher.apply(JSON.parse(packet) as MetricsDelta)).toBe('applied');
    expect(seen(watcher)).toMatchObject({
      times: [5000, 6000, 7000],
      columns: [
        [0.25, null, null],
        ['NaN', '-0', '-0'],
      ],
    });
  });

  it('merge to one that skips the replaced tip', () => {
    const merged = mergeDeltas(packets.map((packet) => JSON.parse(packet) as MetricsDelta));
    expect(JSON.stringify(merged)).toBe(
      '{"t":"m:1","e":"e1","o":5,"b":0,"n":7000,"v":7020,"s":[[0,{"mode":"idle"}],[1,{"mode":"user"}]],' +
        '"c":[[5000,0,[0,0.5,1,"NaN"]],[6000,0,[1,"-0",0,null]],[7000,0,[]]],"r":[[5000,[0,0.25]]],"a":["metric might not be a counter"]}',
    );
  });
});

describe('a buffer', () => {
  const recorder = () => {
    const made = new DeltaRecorder('m:1', 'e1', WINDOW_MS);
    made.addSeries({ a: '1' });
    return made;
  };

  it('refuses a frame of another epoch or one that leaves some out, and skips what it has', () => {
    const source = recorder();
    const watcher = new TopicBuffer(WINDOW_MS);
    source.column(1000, false, row(1));
    const first = source.take(1000, 1000)!;
    expect(watcher.apply(first)).toBe('gap');
    watcher.apply(takeSnapshot('m:1', source.buffer, spec));
    expect(watcher.apply(first)).toBe('duplicate');
    source.column(2000, false, row(2));
    source.take(2000, 2000);
    source.column(3000, false, row(3));
    const third = source.take(3000, 3000)!;
    expect(watcher.apply(third)).toBe('gap');
    expect(watcher.apply({ ...third, o: 2, e: 'e2' })).toBe('gap');
  });

  it('refuses a frame that names a series it does not have', () => {
    const watcher = new TopicBuffer(WINDOW_MS);
    watcher.apply(takeSnapshot('m:1', recorder().buffer, spec));
    expect(() => watcher.apply({ t: 'm:1', e: 'e1', o: 1, n: 0, v: 0, c: [[1000, 0, [7, 1]]] })).toThrow(RangeError);
  });

  it('forgets what has left the window and keeps its memory bounded', () => {
    const source = recorder();
    for (let i = 1; i <= 5000; i++) {
      source.column(i * 1000, false, row(i));
      source.take(i * 1000, i * 1000);
    }
    expect(source.buffer.length).toBe(11);
    expect(source.buffer.times.length).toBeLessThanOrEqual(64);
    expect(seen(source.buffer).columns[0]).toEqual(Array.from({ length: 11 }, (_, i) => 4990 + i));
  });
});

it('a snapshot is read from a view at an odd offset too', () => {
  const source = new DeltaRecorder('m:1', 'e1', WINDOW_MS);
  source.addSeries({ a: '1' });
  source.column(1000, false, row(null));
  source.column(2000, false, row(2.5));
  source.take(2000, 2000);
  const snapshot = takeSnapshot('m:1', source.buffer, spec);
  const shifted = (columns: BinaryColumns) => {
    const bytes = new Uint8Array(columns.byteLength + 3);
    bytes.set(new Uint8Array(columns), 3);
    return bytes.subarray(3);
  };
  const watcher = new TopicBuffer(WINDOW_MS);
  watcher.apply({ ...snapshot, times: shifted(snapshot.times), values: shifted(snapshot.values) });
  expect(seen(watcher)).toEqual(seen(source.buffer));
});

describe('a thinned snapshot', () => {
  it("keeps each bucket's extremes and the newest column", () => {
    const source = new DeltaRecorder('m:1', 'e1', 1_000_000);
    source.addSeries({ a: '1' });
    source.addSeries({ a: '2' });
    for (let i = 0; i < 101; i++) source.column(i * 1000, false, row(i === 37 ? 999 : i % 7, i < 50 ? null : -i));
    source.take(100_000, 100_000);
    const watcher = new TopicBuffer(1_000_000);
    watcher.apply(takeSnapshot('m:1', source.buffer, spec, 21));
    expect(watcher.thinned).toBe(true);
    expect(watcher.length).toBeLessThanOrEqual(21);
    const { columns, times } = seen(watcher);
    expect(columns[0]).toContain(999);
    expect(Math.min(...(columns[1] as number[]).filter((value) => value !== null))).toBe(-100);
    expect(columns[1].slice(0, 10)).toEqual(Array(10).fill(null));
    expect(times.at(-1)).toBe(100_000);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });
});

describe('wire values', () => {
  it.each([0, -0, 1.5, -1e-300, 2 ** 53, NaN, Infinity, -Infinity])('bring %p back as it was', (value) => {
    expect(fromWire(JSON.parse(JSON.stringify(toWire(value))) as never)).toBe(value);
  });

  it('refuse an unknown text', () => {
    expect(() => fromWire('nan' as never)).toThrow('"nan" is not a value');
  });
});

/** Random life of a topic: columns on and off the grid, series that come and go, corrections. */
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.constantFrom(null, NaN, Infinity, -Infinity, -0, 0.1),
);
const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('column' as const),
      stepMs: fc.integer({ min: 0, max: 1500 }),
      tip: fc.boolean(),
      values: fc.array(cell, { maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('series' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      back: fc.nat(8),
      values: fc.array(cell, { maxLength: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('frame' as const) }) },
);

function live(acts: readonly (typeof act extends fc.Arbitrary<infer T> ? T : never)[]) {
  const recorder = new DeltaRecorder('m:1', 'e1', WINDOW_MS);
  const frames: MetricsDelta[] = [];
  const states = [seen(recorder.buffer)];
  const snapshots = [takeSnapshot('m:1', recorder.buffer, spec)];
  let timeMs = 0;
  for (const step of [...acts, { kind: 'frame' as const }]) {
    if (step.kind === 'series' && recorder.buffer.series.length < 6) {
      recorder.addSeries({ n: String(recorder.buffer.series.length) });
    } else if (step.kind === 'column') {
      timeMs += step.stepMs;
      recorder.column(timeMs, step.tip, row(...step.values));
    } else if (step.kind === 'correct') {
      const { buffer } = recorder;
      const at = buffer.to - 1 - step.back;
      if (at >= buffer.from) recorder.correct(buffer.times[at], row(...step.values));
    } else if (step.kind === 'frame') {
      const frame = recorder.take(timeMs, timeMs);
      if (!frame) continue;
      frames.push(overTheWire(frame));
      states.push(seen(recorder.buffer));
      snapshots.push(takeSnapshot('m:1', recorder.buffer, spec));
    }
  }
  return { frames, states, snapshots };
}

describe('whatever happens to a topic', () => {
  it('a watcher that folds the frames has what the server has', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.nat(), (acts, start) => {
        const { frames, states, snapshots } = live(acts);
        const from = start % snapshots.length;
        const watcher = new TopicBuffer(WINDOW_MS);
        watcher.apply(snapshots[from]);
        frames.slice(from).forEach((frame, i) => {
          watcher.apply(frame);
          expect(seen(watcher)).toEqual(states[from + i + 1]);
        });
      }),
    );
  });

  it('a merged frame does what its frames do, wherever the cut is', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.nat(), fc.nat(), (acts, a, b) => {
        const { frames, states, snapshots } = live(acts);
        if (frames.length === 0) return;
        const [from, to] = [a % frames.length, (b % frames.length) + 1].sort((x, y) => x - y);
        if (from === to) return;
        const watcher = new TopicBuffer(WINDOW_MS);
        watcher.apply(snapshots[from]);
        expect(watcher.apply(overTheWire(mergeDeltas(frames.slice(from, to))))).toBe('applied');
        expect(seen(watcher)).toEqual(states[to]);
      }),
    );
  });
});

it('an absent value is no other NaN', () => {
  const values = new Float64Array([NaN, 1]);
  expect(isAbsent(values, 0)).toBe(false);
  writeAbsent(values, 1);
  expect(isAbsent(values, 1)).toBe(true);
});
