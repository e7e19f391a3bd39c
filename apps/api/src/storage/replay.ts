import type { FloatHistogram } from '@opsroom/promql';
import { ByteReader } from './bytes/byte-reader.js';
import type { Head } from './head/head.js';
import { withoutHint } from './head/reset-hint.js';
import {
  readDeletions,
  readHistograms,
  readRefs,
  readSamples,
  readSealed,
  readSeries,
  RecordType,
  type SampleBatch,
} from './log/log-records.js';

const notANumber = Float64Array.of(NaN);

/**
 * Brings the head back to where the log left it, record by record. Series that the database knows are in the head already; their
 * samples in blocks stay there, and those that the log still has besides are kept as sealed ones.
 */
export class Replay {
  samples = 0;

  constructor(
    private readonly head: Head,
    private readonly nowMs: number,
  ) {}

  /** Applies one record. Throws `RangeError` for bytes that make no sense. */
  apply(type: number, payload: Uint8Array, segment: number): void {
    const reader = new ByteReader(payload);
    switch (type) {
      case RecordType.series:
        return this.series(reader);
      case RecordType.samples:
      case RecordType.lateSamples:
        return this.floats(readSamples(reader), type === RecordType.lateSamples, segment);
      case RecordType.histograms:
      case RecordType.lateHistograms:
        for (const { ref, timestampMs, histogram } of readHistograms(reader)) {
          this.sample(ref, timestampMs, notANumber, 0, type === RecordType.lateHistograms, segment, histogram);
        }
        return;
      case RecordType.sealed:
        for (const { ref, throughMs } of readSealed(reader)) this.head.series[ref]?.markSealed(throughMs);
        return;
      case RecordType.lateSealed:
        for (const { ref, throughMs } of readSealed(reader)) {
          const series = this.head.series[ref];
          const before = series?.late?.length ?? 0;
          series?.markLateSealed(throughMs);
          this.head.samples -= before - (series?.late?.length ?? 0);
        }
        return;
      case RecordType.deleted:
        for (const { ref, startMs, endMs } of readDeletions(reader)) {
          const series = this.head.series[ref];
          if (!series) continue;
          this.head.samples -= series.remove(startMs, endMs);
          series.lastMs = series.inBlocks ? NaN : Math.max(series.main.lastMs, series.late?.lastMs ?? -Infinity);
        }
        return;
      case RecordType.forgotten:
        this.head.forget(new Set(readRefs(reader)));
        return;
      default:
        throw new RangeError(`unknown kind ${type}`);
    }
  }

  private series(reader: ByteReader): void {
    for (const { ref, source, labels } of readSeries(reader)) {
      const known = this.head.series[ref] ?? this.head.create(labels, source, ref);
      // The log has it from its first sample on, whatever blocks have besides.
      known.coveredFromMs = -Infinity;
    }
  }

  private floats({ refs, timestamps, values, count }: SampleBatch, late: boolean, segment: number): void {
    for (let i = 0; i < count; i++) this.sample(refs[i], timestamps[i], values, i, late, segment, undefined);
  }

  private sample(
    ref: number,
    timestampMs: number,
    values: Float64Array,
    index: number,
    late: boolean,
    segment: number,
    histogram: FloatHistogram | undefined,
  ): void {
    const series = this.head.series[ref];
    // Samples of a series that was deleted later.
    if (!series) return;
    if (!late && timestampMs > series.main.lastMs) {
      if (series.coveredFromMs === Infinity) series.coveredFromMs = timestampMs;
      series.main.push(timestampMs, values, index, histogram);
      series.lastMs = timestampMs;
      this.head.newestMs = Math.max(this.head.newestMs, timestampMs);
    } else {
      // Not late: the log has the floats of an append before its histograms, whose hints hold.
      series.insertOutOfOrder(timestampMs, values, index, late && histogram ? withoutHint(histogram) : histogram);
    }
    this.head.samples++;
    this.samples++;
    if (series.unsealedSegment === Infinity) {
      series.unsealedSegment = segment;
      series.unsealedSinceMs = this.nowMs;
    }
  }
}
