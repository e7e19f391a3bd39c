import type { Labels } from '@opsroom/promql';
import type { Batch, MetricMetadata } from '../model/batch.js';
import { SeriesCache } from './series-cache.js';

/** Builds a source's complete batches, sample by sample, all of one time. */
export class BatchBuilder {
  private readonly cache: SeriesCache;
  private series: Labels[] = [];
  private samples: number[] = [];
  private timeMs = 0;
  /** Names in the batch so far. */
  readonly names = new Set<string>();

  constructor(
    private readonly source: string,
    baseLabels: Readonly<Record<string, string>>,
  ) {
    this.cache = new SeriesCache(baseLabels);
  }

  start(timeMs: number): void {
    this.timeMs = timeMs;
    this.series = [];
    this.samples = [];
    this.names.clear();
  }

  /** Adds a sample; bound, so that it can be handed to collectors. */
  readonly emit = (name: string, labels: Readonly<Record<string, string>>, value: number): void => {
    this.names.add(name);
    this.series.push(this.cache.labels(name, labels));
    this.samples.push(value);
  };

  /** What Prometheus itself records about a scrape: `up`, its duration and its number of samples. */
  addScrapeMetrics(durationMs: number): void {
    const scraped = this.samples.length;
    this.emit('up', {}, 1);
    this.emit('scrape_duration_seconds', {}, durationMs / 1000);
    this.emit('scrape_samples_scraped', {}, scraped);
  }

  finish(made: { receivedMs: number; durationMs: number; metadata: ReadonlyMap<string, MetricMetadata> }): Batch {
    this.cache.endRound();
    return {
      source: this.source,
      series: this.series,
      timestamps: new Float64Array(this.samples.length).fill(this.timeMs),
      values: Float64Array.from(this.samples),
      complete: true,
      ...made,
    };
  }
}
