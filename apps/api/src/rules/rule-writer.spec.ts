import { createMatcher, type FloatHistogram, isStale, Labels } from '@opsroom/promql';
import { labels, TestStore } from '../storage/test-store.fixture.js';
import { RuleWriter } from './rule-writer.js';

const histogram: FloatHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 3,
  sum: 4,
  positiveSpans: [{ offset: 0, length: 1 }],
  negativeSpans: [],
  positiveBuckets: [3],
  negativeBuckets: [],
  counterResetHint: 'unknown',
};

describe('what rules give', () => {
  let test: TestStore;
  beforeEach(() => (test = new TestStore()));
  afterEach(() => test.close());

  it('is stored: numbers, native histograms and the ends of series', () => {
    const writer = new RuleWriter(test.store);
    const nowMs = test.clock.nowMs();
    const [plain, native] = [labels('plain'), labels('native', { job: 'a' })];
    const given = [{ labels: plain, value: 7 }, { labels: native, value: 0, histogram }]; // prettier-ignore
    writer.write(given, [], nowMs, nowMs);
    writer.write([{ labels: plain, value: 8 }], [native], nowMs + 1000, nowMs + 1000);
    const found = [...test.store.select([createMatcher('__name__', '=~', '.+')], 0, Infinity)].map((series) => ({
      name: Labels.from(series.labels.toObject()).metricName,
      values: Array.from(series.values.subarray(series.from, series.to), (value, i) =>
        isStale(series.values, series.from + i) ? 'stale' : (series.histograms?.[series.from + i]?.count ?? value),
      ),
    }));
    expect(found).toEqual(
      expect.arrayContaining([
        { name: 'plain', values: [7, 8] },
        { name: 'native', values: [3, 'stale'] },
      ]),
    );
    expect(found).toHaveLength(2);
  });
});
