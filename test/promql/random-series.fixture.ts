import { Labels, writeStale } from '@opsroom/promql';
import type { WrittenSeries } from './prometheus-process.fixture.js';
import type { Dice } from './random-expr.fixture.js';

const SECOND = 1000;
const STEPS = 160;
/** Steps of queries are 13 s past the minute, samples at odd ms: none lies on the edge of a window, where versions differ. */
const QUERY_PHASE = 13 * SECOND;
const SAMPLE_PHASE = 337;
const startMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

/** Where queries of these series may begin and end so that their windows hold samples; ms since 1970. */
export const queryTimes = {
  first: startMs + 12 * 60 * SECOND + QUERY_PHASE,
  last: startMs + 32 * 60 * SECOND + QUERY_PHASE,
};

/** Gauges that wander, counters that are reset, series that stop and go. */
export function randomSeries(dice: Dice): WrittenSeries[] {
  const series: WrittenSeries[] = [];
  for (const name of ['temperature', 'queue_length', 'flapping', 'requests_total', 'bytes_total']) {
    for (const host of ['h1', 'h2', 'h3']) {
      for (const kind of ['a', 'b', '']) {
        if (dice.once(6)) continue;
        const labels = Labels.from({ __name__: name, host, kind, zone: dice.pick(['z0', 'z1']) });
        series.push({ labels, ...samplesOf(name, dice) });
      }
    }
  }
  return series;
}

function samplesOf(name: string, dice: Dice): Pick<WrittenSeries, 'timestamps' | 'values'> {
  const times: number[] = [];
  const values: number[] = [];
  const stale = new Set<number>();
  let value = Math.floor(dice.next() * 100) + (name.endsWith('_total') ? 1e6 : 0);
  for (let i = 0; i < STEPS; i++) {
    if (name === 'flapping' && dice.once(4)) continue;
    if (dice.once(60)) {
      stale.add(values.length);
      i += dice.below(30);
    } else if (name.endsWith('_total')) {
      value = name === 'requests_total' && dice.once(40) ? dice.below(5) : value + dice.below(20);
    } else {
      value = dice.once(50) ? NaN : Number.isNaN(value) ? 3 : value + dice.next() * 4 - 2;
    }
    times.push(startMs + SAMPLE_PHASE + i * 15 * SECOND);
    values.push(value);
  }
  const columns = { timestamps: Float64Array.from(times), values: Float64Array.from(values) };
  for (const at of stale) if (at < columns.values.length) writeStale(columns.values, at);
  return columns;
}

const BOUNDS = ['0.1', '0.5', '1', '5', '+Inf'];

/** Classic histograms `latency` of the same times, far from zero, where rates of version 2 and 3 are the same. */
export function randomHistograms(dice: Dice): WrittenSeries[] {
  return ['h1', 'h2', 'h3'].flatMap((host) => {
    const counts = BOUNDS.map((_, i) => 1e6 * (i + 1));
    const columns = Array.from({ length: STEPS }, () => {
      let added = 0;
      return counts.map((count, i) => (counts[i] = count + (added += dice.below(6))));
    });
    const timestamps = Float64Array.from(columns, (_, i) => startMs + SAMPLE_PHASE + i * 15 * SECOND);
    return BOUNDS.map((le, i) => ({
      labels: Labels.from({ __name__: 'latency_bucket', host, le }),
      timestamps,
      values: Float64Array.from(columns, (column) => column[i]),
    }));
  });
}
