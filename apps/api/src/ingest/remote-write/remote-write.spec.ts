import { Logger } from '@nestjs/common';
import { createMatcher, type FloatHistogram, isStale } from '@opsroom/promql';
import fc from 'fast-check';
import { NEVER } from 'rxjs';
import { Batches } from '../../sources/batches.js';
import { TestStore } from '../../storage/test-store.fixture.js';
import type { TsdbOptions } from '../../storage/tsdb-store.js';
import { IngestService } from '../ingest.service.js';
import { RemoteWriteService, type WriteOutcome } from './remote-write.service.js';
import {
  double,
  encodeRequest,
  field,
  message,
  snappyLiterals,
  STALE_BYTES,
  type TestSeries,
  varint,
  zigzag,
} from './write-request.fixture.js';
import { WireError } from './wire.js';
import { WriteRequestDecoder } from './write-request-decoder.js';

class NoBatches extends Batches {
  readonly batches$ = NEVER;
  statuses(): [] {
    return [];
  }
}

const cpu = { __name__: 'cpu', core: '0' };
const mem = { __name__: 'mem' };

describe('remote write', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  let test: TestStore;
  let service: RemoteWriteService;
  let ingest: IngestService;
  const start = (options: Partial<TsdbOptions> = {}): void => {
    test = new TestStore({ outOfOrderWindowMs: 0, futureToleranceMs: 600_000, ...options });
    ingest = new IngestService(new NoBatches(), test.store, test.clock);
    service = new RemoteWriteService(test.store, ingest, test.clock);
  };
  afterEach(() => test.close());
  const send = (series: TestSeries[], ...more: Uint8Array[]): WriteOutcome =>
    service.write(snappyLiterals(encodeRequest(series, ...more)));
  const stored = (name: string): [number, number][] =>
    [...test.store.select([createMatcher('__name__', '=', name)], -Infinity, Infinity)].flatMap(
      ({ timestamps, values, from, to }) =>
        Array.from({ length: to - from }, (_, i): [number, number] => [timestamps[from + i], values[from + i]]),
    );

  it('stores all samples of a request, several of one series, negative times and odd values', () => {
    start();
    expect(
      send([
        {
          labels: cpu,
          samples: [
            [-1, 1.5],
            [0, -0],
            [1_700_000_000_123, Infinity],
          ],
        },
        { labels: mem, samples: [[Number.MIN_SAFE_INTEGER + 1, 5e-324]] },
      ]),
    ).toEqual({ status: 204, message: '' });
    expect(stored('cpu')).toEqual([
      [-1, 1.5],
      [0, -0],
      [1_700_000_000_123, Infinity],
    ]);
    expect(stored('mem')).toEqual([[Number.MIN_SAFE_INTEGER + 1, 5e-324]]);
  });

  it('keeps a stale marker one', () => {
    start();
    send([{ labels: cpu, samples: [[1000, STALE_BYTES]] }]);
    const [{ values, from }] = test.store.select([createMatcher('__name__', '=', 'cpu')], 0, 2000);
    expect(isStale(values, from)).toBe(true);
  });

  it('knows a series again in any order and place', () => {
    start();
    for (let round = 1; round <= 3; round++) {
      const series = [cpu, mem, ...Array.from({ length: 5000 }, (_, i) => ({ __name__: 'many', i: String(i) }))];
      if (round === 2) series.reverse();
      expect(send(series.map((labels) => ({ labels, samples: [[round, round]] }))).status).toBe(204);
    }
    expect(test.store.stats().series).toBe(5002);
    expect(stored('many')).toHaveLength(15_000);
    expect(stored('mem')).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('makes a series anew after it was deleted', () => {
    start();
    send([{ labels: cpu, samples: [[2000, 1]] }]);
    test.store.deleteSeries([[createMatcher('__name__', '=', 'cpu')]], -Infinity, Infinity);
    expect(send([{ labels: cpu, samples: [[1000, 7]] }]).status).toBe(204);
    expect(stored('cpu')).toEqual([[1000, 7]]);
  });

  it('takes labels that stand after the samples or in no order, and leaves empty ones out', () => {
    start();
    const label = (name: string, value: string): Uint8Array =>
      message(1, message(1, Buffer.from(name)), message(2, Buffer.from(value)));
    const sample = message(2, field(1, 1, double(1)), field(2, 0, varint(1000)));
    send([], message(1, label('core', '0'), sample, label('empty', ''), label('__name__', 'cpu')));
    send([{ labels: cpu, samples: [[2000, 2]] }]);
    expect(stored('cpu')).toEqual([
      [1000, 1],
      [2000, 2],
    ]);
    expect(test.store.stats().series).toBe(1);
  });

  it('skips exemplars and fields it does not know', () => {
    start();
    const exemplar = message(3, message(1, message(1, Buffer.from('trace'))), field(2, 1, double(1)));
    const unknown = [
      field(99, 0, varint(1)),
      field(98, 1, double(1)),
      field(97, 5, new Uint8Array(4)),
      message(96, new Uint8Array(9)),
    ];
    const label = message(1, message(1, Buffer.from('__name__')), message(2, Buffer.from('cpu')));
    const sample = message(2, field(1, 1, double(1)), field(2, 0, varint(1000)), ...unknown);
    expect(send([], message(1, label, exemplar, sample, ...unknown), ...unknown).status).toBe(204);
    expect(stored('cpu')).toEqual([[1000, 1]]);
  });

  it('keeps what metrics are', () => {
    start();
    send(
      [],
      message(
        3,
        field(1, 0, varint(1)),
        message(2, Buffer.from('cpu')),
        message(4, Buffer.from('Seconds.')),
        message(5, Buffer.from('s')),
      ),
    );
    expect(test.store.metadata().get('cpu')).toEqual({ type: 'counter', help: 'Seconds.', unit: 's' });
  });

  it('takes native histograms of whole and of broken counts', () => {
    start();
    const span = (number: number, offset: number, length: number): Uint8Array =>
      message(number, field(1, 0, zigzag(offset)), field(2, 0, varint(length)));
    const whole = Buffer.concat([
      field(1, 0, varint(6)),
      field(3, 1, double(12.5)),
      field(4, 0, zigzag(-1)),
      field(5, 1, double(0.25)),
      field(6, 0, varint(1)),
      span(11, -2, 2),
      span(11, 3, 1),
      message(12, zigzag(1), zigzag(1), zigzag(-1)),
      span(8, 0, 1),
      field(9, 0, zigzag(1)),
      field(14, 0, varint(3)),
      field(15, 0, varint(1000)),
    ]);
    const broken = Buffer.concat([
      field(2, 1, double(2.5)),
      field(3, 1, double(1)),
      field(4, 0, zigzag(-53)),
      field(7, 1, double(0)),
      span(11, 0, 2),
      message(13, double(1.5), double(1)),
      message(16, double(0.5)),
      field(15, 0, varint(2000)),
    ]);
    const ended = Buffer.concat([field(3, 1, STALE_BYTES), field(15, 0, varint(3000))]);
    expect(send([{ labels: cpu, histograms: [whole, broken, ended] }]).status).toBe(204);
    const [series] = test.store.select([createMatcher('__name__', '=', 'cpu')], 0, 5000);
    const expected: (FloatHistogram | undefined)[] = [
      {
        schema: -1,
        zeroThreshold: 0.25,
        zeroCount: 1,
        count: 6,
        sum: 12.5,
        positiveSpans: [
          { offset: -2, length: 2 },
          { offset: 3, length: 1 },
        ],
        negativeSpans: [{ offset: 0, length: 1 }],
        positiveBuckets: [1, 2, 1],
        negativeBuckets: [1],
        counterResetHint: 'gauge',
      },
      {
        schema: -53,
        zeroThreshold: 0,
        zeroCount: 0,
        count: 2.5,
        sum: 1,
        positiveSpans: [{ offset: 0, length: 2 }],
        negativeSpans: [],
        positiveBuckets: [1.5, 1],
        negativeBuckets: [],
        customValues: [0.5],
        counterResetHint: 'unknown',
      },
      undefined,
    ];
    expect(series.histograms?.slice(series.from, series.to)).toEqual(expected);
    expect(isStale(series.values, series.from + 2)).toBe(true);
    const wrong = Buffer.concat([span(11, 0, 2), message(12, zigzag(1)), field(15, 0, varint(9000))]);
    expect(send([{ labels: cpu, histograms: [wrong] }])).toEqual({
      status: 400,
      message: 'a histogram has 1 buckets where its spans lay out 2',
    });
  });

  describe('refuses a request whole', () => {
    it.each<[string, Partial<TsdbOptions>, TestSeries, string]>([
      [
        'an older sample',
        {},
        { labels: cpu, samples: [[5000, 1]] },
        'out of order sample: cpu{core="0"} at 1970-01-01T00:00:05.000Z (5000)',
      ],
      [
        'a sample beyond the window',
        { outOfOrderWindowMs: 1000 },
        { labels: cpu, samples: [[5000, 1]] },
        'too old sample: cpu{core="0"} at',
      ],
      [
        'another value at a known time',
        {},
        { labels: cpu, samples: [[10_000, 2]] },
        'duplicate sample for timestamp: cpu{core="0"} at 1970-01-01T00:00:10.000Z (10000)',
      ],
      [
        'a sample from the future',
        {},
        { labels: cpu, samples: [[1_800_000_000_000, 2]] },
        'out of bounds: sample too far in the future',
      ],
      [
        'an older sample within itself',
        {},
        {
          labels: cpu,
          samples: [
            [20_000, 1],
            [15_000, 1],
          ],
        },
        'out of order sample',
      ],
      [
        'a series without a name',
        {},
        { labels: { a: 'b' }, samples: [[20_000, 1]] },
        'invalid labels: it has no metric name (label "__name__"): {a="b"}',
      ],
      [
        'a label that stands twice',
        {},
        {
          labels: [
            ['__name__', 'x'],
            ['a', '1'],
            ['a', '2'],
          ],
          samples: [[20_000, 1]],
        },
        'label "a" stands twice',
      ],
      [
        'one series too many',
        { maxSeriesPerSource: 2 },
        { labels: { __name__: 'x' }, samples: [[20_000, 1]] },
        'too many series: x{} would be one more than',
      ],
    ])('for %s', (_, options, bad, text) => {
      start(options);
      send([{ labels: cpu, samples: [[10_000, 1]] }]);
      const outcome = send([{ labels: mem, samples: [[20_000, 1]] }, bad]);
      expect(outcome.status).toBe(400);
      expect(outcome.message).toContain(text);
      expect(stored('mem')).toEqual([]);
      expect(stored('cpu')).toEqual([[10_000, 1]]);
    });

    it('but takes the same request again, since senders repeat after a lost answer', () => {
      start();
      const request: TestSeries[] = [
        { labels: cpu, samples: [[10_000, 1]] },
        { labels: mem, samples: [[10_000, 2]] },
      ];
      expect(send(request).status).toBe(204);
      expect(send(request).status).toBe(204);
      expect(test.store.stats()).toMatchObject({ appended: 2, sameAgain: 2 });
    });

    it('and counts what it refused', () => {
      start();
      send([{ labels: cpu, samples: [[10_000, 1]] }]);
      send([
        {
          labels: cpu,
          samples: [
            [1, 1],
            [2, 2],
          ],
        },
      ]);
      expect(ingest.counts().get('remote_write')).toEqual({ appended: 1, refused: new Map([['out_of_order', 2]]) });
    });

    it('with the status that makes a sender try again while the disk refuses', () => {
      start();
      const health = { writable: false, problem: '/data/log: the disk is full; free some space' };
      test.store.health = () => health;
      expect(send([{ labels: cpu, samples: [[1, 1]] }])).toEqual({
        status: 503,
        message: 'samples cannot be stored now: /data/log: the disk is full; free some space',
      });
    });

    it('with a status of its own when it is too large decompressed', () => {
      start();
      expect(service.write(Buffer.concat([varint(64 * 1024 * 1024 + 1), new Uint8Array(10)])).status).toBe(413);
    });

    it.each([
      ['an HTML page', Buffer.from('<html>hello</html>')],
      ['an uncompressed request', Buffer.from(encodeRequest([{ labels: cpu, samples: [[1, 1]] }]))],
      ['nothing', Buffer.alloc(0)],
    ])('for a body that is %s', (_, body) => {
      start();
      expect(service.write(body).status).toBe(400);
      expect(test.store.stats().series).toBe(0);
    });
  });

  it('never does anything but decode or refuse, whatever the bytes of the request', () => {
    start();
    const decoder = new WriteRequestDecoder({ resolve: () => 1, isAlive: () => true });
    const valid = encodeRequest(
      [
        {
          labels: cpu,
          samples: [
            [1000, 1],
            [-5, 2],
          ],
          histograms: [field(15, 0, varint(7))],
        },
        { labels: mem, samples: [[5, 5]] },
      ],
      message(3, message(2, Buffer.from('cpu'))),
    );
    const tryDecode = (bytes: Uint8Array): void => {
      try {
        decoder.decode(bytes);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    };
    const edits = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 });
    const decodeEdited = (changes: [number, number][], cutTo: number): void => {
      const bytes = Uint8Array.from(valid);
      for (const [at, byte] of changes) bytes[at] = byte;
      tryDecode(bytes.subarray(0, cutTo));
      expect(decoder.count).toBeLessThanOrEqual(bytes.length);
    };
    fc.assert(fc.property(edits, fc.nat(valid.length), decodeEdited), { numRuns: 5000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), tryDecode), { numRuns: 3000 });
    decoder.decode(valid);
    expect(decoder.count).toBe(4);
  });
});
