import { Injectable } from '@nestjs/common';
import type { Labels } from '@opsroom/promql';
import { Clock } from '../../model/clock.js';
import { type AppendResult, type RefusalReason, Store } from '../../storage/store.js';
import { labelsProblem } from '../check-labels.js';
import { IngestService } from '../ingest.service.js';
import { SnappyDecoder, SnappyError, SnappyTooLargeError } from './snappy.js';
import { WireError } from './wire.js';
import { WriteRequestDecoder } from './write-request-decoder.js';

/** What the sender is told. It tries again after a status from 500 on, and gives a request up after one from 400 on. */
export interface WriteOutcome {
  readonly status: 204 | 400 | 413 | 503;
  /** '' when everything was stored. */
  readonly message: string;
}

const SOURCE = 'remote_write';
const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

/** How Prometheus names it. */
const NAMES: Readonly<Record<RefusalReason, string>> = {
  out_of_order: 'out of order sample',
  too_old: 'too old sample',
  duplicate: 'duplicate sample for timestamp',
  too_many_series: 'too many series',
  invalid_labels: 'invalid labels',
  too_far_in_future: 'out of bounds: sample too far in the future',
};

/**
 * In: bodies of remote write 1.0. Out: all of their samples in the store, or none and why. Owns: the decoder, which knows the
 * senders' series by their bytes.
 */
@Injectable()
export class RemoteWriteService {
  private readonly snappy = new SnappyDecoder(MAX_DECOMPRESSED_BYTES);
  private readonly decoder: WriteRequestDecoder;

  constructor(
    private readonly store: Store,
    private readonly ingest: IngestService,
    private readonly clock: Clock,
  ) {
    this.decoder = new WriteRequestDecoder({
      resolve: (labels) => this.resolve(labels),
      isAlive: (ref) => this.store.labelsOf(ref) !== undefined,
    });
  }

  write(body: Uint8Array): WriteOutcome {
    const { writable, problem } = this.store.health();
    if (!writable) return { status: 503, message: `samples cannot be stored now: ${problem}` };
    try {
      this.decoder.decode(this.snappy.decode(body));
    } catch (error) {
      if (error instanceof SnappyTooLargeError) return { status: 413, message: error.message };
      if (error instanceof SnappyError || error instanceof WireError) return { status: 400, message: error.message };
      throw error;
    }
    return this.append();
  }

  private append(): WriteOutcome {
    const { refs, timestamps, values, histograms, count, metadata } = this.decoder;
    const input = {
      source: SOURCE,
      receivedMs: this.clock.nowMs(),
      refs,
      timestamps,
      values,
      count,
      ...(histograms ? { histograms } : {}),
      ...(metadata ? { metadata } : {}),
    };
    const checked = this.store.check(input);
    if (checked.refused.size > 0) {
      this.ingest.count({ source: SOURCE, appended: 0, refused: checked.refused });
      return { status: 400, message: `${this.describe(checked)}; nothing of this request was stored` };
    }
    const { appended, refused, firstRefused } = this.store.append(input);
    this.ingest.count({ source: SOURCE, appended, refused });
    // Two values at one time within the request itself: found only now.
    if (refused.size > 0) return { status: 400, message: this.describe({ refused, firstRefused }) };
    return { status: 204, message: '' };
  }

  private resolve(labels: Labels): number {
    const problem = labelsProblem(labels);
    if (problem !== undefined) throw new WireError(`invalid labels: ${problem}: ${printSeries(labels)}`);
    const ref = this.store.resolve(labels, SOURCE);
    if (ref >= 0) return ref;
    throw new WireError(
      `too many series: ${printSeries(labels)} would be one more than storage.max_series_per_source allows for remote write`,
    );
  }

  private describe({ refused, firstRefused }: Pick<AppendResult, 'refused' | 'firstRefused'>): string {
    const parts = [...refused].map(([reason, samples]) => {
      const first = firstRefused.get(reason);
      const series = first ? this.store.labelsOf(first.ref) : undefined;
      const where = first && series ? `: ${printSeries(series)} at ${printTime(first.timestampMs)}` : '';
      return `${NAMES[reason]}${where}${samples > 1 ? ` and ${samples - 1} more` : ''}`;
    });
    return parts.join('; ');
  }
}

/** Series of a hostile sender may be long; a message is not. */
const MAX_PRINTED = 500;

function printSeries(labels: Labels): string {
  const pairs = labels.names.flatMap((name, i) =>
    name === '__name__' ? [] : [`${name}=${JSON.stringify(labels.values[i])}`],
  );
  const text = `${labels.metricName}{${pairs.join(', ')}}`;
  return text.length > MAX_PRINTED ? `${text.slice(0, MAX_PRINTED)}…` : text;
}

/** As a person reads it, and as it was sent. */
function printTime(timestampMs: number): string {
  const date = new Date(timestampMs);
  return Number.isNaN(date.getTime()) ? String(timestampMs) : `${date.toISOString()} (${timestampMs})`;
}
