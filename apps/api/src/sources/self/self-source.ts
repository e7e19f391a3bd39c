import { concatMap, type Observable } from 'rxjs';
import type { MetricObject, MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { Batch, MetricMetadata } from '../../model/batch.js';
import type { Clock } from '../../model/clock.js';
import { BatchBuilder } from '../batch-builder.js';

export interface SelfSourceOptions {
  readonly intervalMs: number;
  /** Value of the label `instance`: the address that the server listens on. */
  readonly instance: string;
}

type CollectedMetric = MetricObjectWithValues<MetricValue<string> & { metricName?: string }>;

/** The server's own metrics, the same that `/metrics` shows, as a source like any other. */
export function selfBatches(clock: Clock, registry: Registry, options: SelfSourceOptions): Observable<Batch> {
  const builder = new BatchBuilder('opsroom', { job: 'opsroom', instance: options.instance });
  return clock.beats(options.intervalMs).pipe(
    concatMap(async (beatMs) => {
      const startedMs = clock.monotonicMs();
      const metrics: readonly CollectedMetric[] = await registry.getMetricsAsJSON();
      builder.start(beatMs);
      for (const metric of metrics) {
        for (const { metricName, labels, value } of metric.values) {
          builder.emit(metricName ?? metric.name, textLabels(labels), value);
        }
      }
      const durationMs = clock.monotonicMs() - startedMs;
      builder.addScrapeMetrics(durationMs);
      return builder.finish({ receivedMs: clock.nowMs(), durationMs, metadata: describe(metrics) });
    }),
  );
}

/** prom-client allows numbers as label values (`le` of a histogram); a label is a text, and an infinite bound is `+Inf`. */
function textLabels(labels: Partial<Record<string, string | number>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels)) {
    if (value !== undefined) texts[name] = value === Infinity ? '+Inf' : String(value);
  }
  return texts;
}

function describe(metrics: readonly MetricObject[]): Map<string, MetricMetadata> {
  const types = ['counter', 'gauge', 'histogram', 'summary'] as const;
  return new Map(
    metrics.map(({ name, help, type }) => {
      const known = types.find((candidate) => candidate === String(type));
      return [name, { type: known ?? 'unknown', help, unit: '' }];
    }),
  );
}
