import { type FloatHistogram, type Labels, writeStale } from '@opsroom/promql';
import type { MetricMetadata } from '../../model/batch.js';
import { decodeHistogram } from './decode-histogram.js';
import { decodeLabels, decodeText } from './decode-labels.js';
import { SeriesTable } from './series-table.js';
import { WireReader } from './wire.js';

/** By the numbers of prompb's `MetricMetadata.MetricType`. */
const TYPES: readonly MetricMetadata['type'][] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'histogram',
  'summary',
  'info',
  'stateset',
];

export interface SeriesLookup {
  /** The reference of new labels. Throws `WireError` when there can be none. */
  resolve(labels: Labels): number;
  isAlive(ref: number): boolean;
}

const TABLE_BYTES = 256 * 1024 * 1024;

/**
 * Decodes requests of remote write 1.0 (prompb/remote.proto) straight into columns: label bytes to references, no objects in between.
 * The columns are used again by the next request.
 */
export class WriteRequestDecoder {
  refs = new Uint32Array(4096);
  timestamps = new Float64Array(4096);
  values = new Float64Array(4096);
  histograms: (FloatHistogram | undefined)[] | undefined;
  count = 0;
  metadata: Map<string, MetricMetadata> | undefined;
  private readonly reader = new WireReader();
  private readonly table = new SeriesTable(TABLE_BYTES);
  private input: Uint8Array = new Uint8Array(0);

  constructor(private readonly series: SeriesLookup) {}

  /** Fills the columns. Throws `WireError` for anything that is no such request; the columns then mean nothing. */
  decode(input: Uint8Array): void {
    const { reader } = this;
    this.input = input;
    this.count = 0;
    this.histograms = undefined;
    this.metadata = undefined;
    reader.reset(input);
    while (reader.at < input.length) {
      reader.end = input.length;
      const tag = reader.varint();
      if (tag === 10) this.timeSeries(reader.lengthEnd());
      else if (tag === 26) this.metricMetadata(reader.lengthEnd());
      else reader.skip(tag & 7);
    }
  }

  private timeSeries(end: number): void {
    const { reader } = this;
    reader.end = end;
    const first = this.count;
    const labelsFrom = reader.at;
    while (reader.at < end && this.input[reader.at] === 10) {
      reader.at++;
      reader.at = reader.lengthEnd();
    }
    const labelsTo = reader.at;
    let scattered: Uint8Array[] | undefined;
    while (reader.at < end) {
      const fieldFrom = reader.at;
      const tag = reader.varint();
      if (tag === 18) this.sample(reader.lengthEnd());
      else if (tag === 34) this.histogram(reader.lengthEnd());
      else {
        reader.skip(tag & 7);
        // Labels after samples: allowed by protobuf, done by nobody.
        if (tag === 10) (scattered ??= []).push(reader.slice(fieldFrom, reader.at));
      }
      reader.end = end;
    }
    if (this.count === first) return;
    const ref = scattered
      ? this.series.resolve(decodeLabels(Buffer.concat([reader.slice(labelsFrom, labelsTo), ...scattered])))
      : this.refOf(labelsFrom, labelsTo);
    for (let i = first; i < this.count; i++) this.refs[i] = ref;
  }

  private refOf(from: number, to: number): number {
    const known = this.table.find(this.input, from, to, this.series.isAlive);
    if (known >= 0) return known;
    const ref = this.series.resolve(decodeLabels(this.input.subarray(from, to)));
    this.table.add(this.input, from, to, ref);
    return ref;
  }

  private sample(end: number): void {
    const { reader } = this;
    if (this.count === this.refs.length) this.grow();
    const at = this.count++;
    this.values[at] = 0;
    this.timestamps[at] = 0;
    reader.end = end;
    while (reader.at < end) {
      const tag = reader.varint();
      if (tag === 9) reader.doubleTo(this.values, at);
      else if (tag === 16) this.timestamps[at] = reader.int64();
      else reader.skip(tag & 7);
    }
  }

  private histogram(end: number): void {
    if (this.count === this.refs.length) this.grow();
    const at = this.count++;
    this.reader.end = end;
    const { timestampMs, histogram } = decodeHistogram(this.reader, end);
    this.timestamps[at] = timestampMs;
    this.values[at] = NaN;
    if (histogram) (this.histograms ??= [])[at] = histogram;
    else writeStale(this.values, at);
  }

  private metricMetadata(end: number): void {
    const { reader } = this;
    reader.end = end;
    let type = 0;
    const texts = ['', '', ''];
    while (reader.at < end) {
      const tag = reader.varint();
      const text = [18, 34, 42].indexOf(tag);
      if (tag === 8) type = reader.varint();
      else if (text >= 0) {
        const textEnd = reader.lengthEnd();
        texts[text] = decodeText(reader.slice(reader.at, textEnd));
        reader.at = textEnd;
      } else reader.skip(tag & 7);
    }
    const [name, help, unit] = texts;
    if (name === '') return;
    (this.metadata ??= new Map<string, MetricMetadata>()).set(name, { type: TYPES[type] ?? 'unknown', help, unit });
  }

  private grow(): void {
    const capacity = this.refs.length * 2;
    const refs = new Uint32Array(capacity);
    const timestamps = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    refs.set(this.refs);
    timestamps.set(this.timestamps);
    values.set(this.values);
    this.refs = refs;
    this.timestamps = timestamps;
    this.values = values;
  }
}
