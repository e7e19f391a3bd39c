import os from 'node:os';
import { map, type Observable } from 'rxjs';
import type { Batch, MetricMetadata } from '../../model/batch.js';
import type { Clock } from '../../model/clock.js';
import { BatchBuilder } from '../batch-builder.js';
import { collectKernel, Filesystems, hostMetadata, readKernelText } from './host-collection.js';

/** A beat that is served later than this has its own time: its values are no longer those of the beat. */
const LATE_MS = 100;

export interface HostSourceOptions {
  readonly intervalMs: number;
  /** Value of the label `instance`. */
  readonly instance: string;
}

export const defaultHostOptions: HostSourceOptions = { intervalMs: 1000, instance: os.hostname() };

/**
 * This machine under node_exporter's names, labels and units (https://github.com/prometheus/node_exporter, version 1.x): one complete
 * batch per interval, on whole multiples of it, with `up` and the scrape metrics that a Prometheus would have added.
 */
export function hostBatches(clock: Clock, options: HostSourceOptions = defaultHostOptions): Observable<Batch> {
  const builder = new BatchBuilder('host', { job: 'node', instance: options.instance });
  const filesystems = new Filesystems();
  const described = new Set<string>();
  return clock.beats(options.intervalMs).pipe(
    map((beatMs) => {
      const startedMs = clock.monotonicMs();
      const nowMs = clock.nowMs();
      builder.start(nowMs - beatMs > LATE_MS ? nowMs : beatMs);
      collectKernel(readKernelText, nowMs, builder.emit);
      filesystems.emit(builder.emit);
      filesystems.refresh(readKernelText('/proc/self/mounts') ?? '');
      const durationMs = clock.monotonicMs() - startedMs;
      builder.addScrapeMetrics(durationMs);
      return builder.finish({ receivedMs: clock.nowMs(), durationMs, metadata: describe(builder.names, described) });
    }),
  );
}

/** Metadata of names that have not been described yet; adds them to `described`. */
function describe(names: ReadonlySet<string>, described: Set<string>): Map<string, MetricMetadata> {
  const metadata = new Map<string, MetricMetadata>();
  for (const name of names) {
    if (described.has(name)) continue;
    described.add(name);
    const entry = hostMetadata(name);
    if (entry) metadata.set(name, entry);
  }
  return metadata;
}
