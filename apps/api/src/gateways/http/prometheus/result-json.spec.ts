import { type EvaluationResult, type FloatHistogram, Labels } from '@opsroom/promql';
import { JsonText } from './json-text.js';
import { histogramJson, printInstant, printRange, type SlicedPrint } from './result-json.js';

const histogram: FloatHistogram = {
  schema: 0,
  zeroThreshold: 0.001,
  zeroCount: 2,
  count: 9,
  sum: 12.5,
  positiveSpans: [
    { offset: 0, length: 2 },
    { offset: 1, length: 1 },
  ],
  negativeSpans: [{ offset: 1, length: 1 }],
  positiveBuckets: [1, 0, 3],
  negativeBuckets: [3],
  counterResetHint: 'unknown',
};

const base = { annotations: { warnings: [], infos: [] }, samples: { total: 0, peak: 0 } };

/** What was printed for `result`, and how. */
function finish(print: (text: JsonText) => SlicedPrint): { json: string; truncated: boolean; pauses: number } {
  const text = new JsonText();
  const work = print(text);
  for (let pauses = 0; ; pauses++) {
    const { done, value } = work.next();
    if (done !== true) continue;
    const json = text.finish().toString();
    return { json: json.slice(json.indexOf('"result":') + '"result":'.length), truncated: value, pauses };
  }
}

const instant = (result: EvaluationResult, timeMs: number, limit: number): ReturnType<typeof finish> =>
  finish((text) => printInstant(text, result, timeMs, limit));
const range = (result: EvaluationResult, limit: number): ReturnType<typeof finish> =>
  finish((text) => printRange(text, result, limit));

const vector = (series: number, steps: number): EvaluationResult => ({
  ...base,
  type: 'vector',
  startMs: 0,
  endMs: (steps - 1) * 1000,
  stepMs: 1000,
  steps,
  series: Array.from({ length: series }, (_, i) => ({
    labels: Labels.from({ i: String(i) }),
    values: new Float64Array(steps).fill(i),
    present: new Uint8Array(steps).fill(1),
  })),
});

describe('native histograms', () => {
  it('are printed with the kind of their bounds, empty buckets left out', () => {
    expect(JSON.parse(histogramJson(histogram))).toEqual({
      count: '9',
      sum: '12.5',
      buckets: [
        [1, '-2', '-1', '3'],
        [3, '-0.001', '0.001', '2'],
        [0, '0.5', '1', '1'],
        [0, '4', '8', '3'],
      ],
    });
  });

  it('have a list of their own beside the floats of a series', () => {
    const result: EvaluationResult = {
      ...base,
      type: 'vector',
      startMs: 0,
      endMs: 2000,
      stepMs: 1000,
      steps: 3,
      series: [
        {
          labels: Labels.from({ a: 'b' }),
          values: Float64Array.of(1, NaN, NaN),
          present: Uint8Array.of(1, 2, 0),
          histograms: [undefined, { ...histogram, zeroCount: 0, positiveBuckets: [0, 0, 0], negativeBuckets: [0] }],
        },
      ],
    };
    expect(range(result, 0).json).toBe(
      '[{"metric":{"a":"b"},"values":[[0,"1"]],"histograms":[[1,{"count":"9","sum":"12.5"}]]}]',
    );
    expect(instant({ ...result, steps: 1 }, 5, 0).json).toBe('[{"metric":{"a":"b"},"value":[0.005,"1"]}]');
  });

  it('are answered without a float beside them', () => {
    const empty = { ...histogram, zeroCount: 0, positiveBuckets: [0, 0, 0], negativeBuckets: [0] };
    const columns = { values: Float64Array.of(0), present: Uint8Array.of(2), histograms: [empty] };
    const series = [{ labels: Labels.from({ a: 'b' }), ...columns }];
    const result: EvaluationResult = { ...base, type: 'vector', startMs: 0, endMs: 0, stepMs: 1000, steps: 1, series };
    const point = '{"count":"9","sum":"12.5"}';
    expect(instant(result, 0, 0).json).toBe(`[{"metric":{"a":"b"},"histogram":[0,${point}]}]`);
    expect(range(result, 0).json).toBe(`[{"metric":{"a":"b"},"histograms":[[0,${point}]]}]`);
  });
});

describe('printing', () => {
  it('leaves out series without a point', () => {
    const result = vector(2, 1);
    if (result.type === 'vector') result.series[0].present[0] = 0;
    expect(range(result, 0).json).toBe('[{"metric":{"i":"1"},"values":[[0,"1"]]}]');
  });

  it('stops at the limit and says so', () => {
    expect(instant(vector(5, 1), 0, 2)).toMatchObject({ truncated: true });
    expect(instant(vector(2, 1), 0, 2)).toMatchObject({ truncated: false });
  });

  it('pauses every 20,000 points or so', () => {
    expect(range(vector(100, 1000), 0).pauses).toBe(5);
    expect(range(vector(3, 50_000), 0).pauses).toBe(3);
    expect(instant(vector(19_999, 1), 0, 0).pauses).toBe(0);
  });
});
