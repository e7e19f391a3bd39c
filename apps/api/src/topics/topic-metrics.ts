import { Injectable } from '@nestjs/common';
import type { Histogram } from 'prom-client';
import { SelfMetrics } from '../model/self-metrics.js';

const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** In: what the topics and the sockets measure. Out: the server's own metrics of its topics. Owns: those metrics. */
@Injectable()
export class TopicMetrics {
  private readonly evaluations: Histogram;
  private readonly arrivalToEvaluated: Histogram;
  private readonly evaluatedToSent: Histogram;
  private readonly sentToAcked: Histogram;

  constructor(private readonly self: SelfMetrics) {
    this.evaluations = self.histogram({
      name: 'opsroom_topic_evaluation_seconds',
      help: 'How long one evaluation of one topic takes.',
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
    });
    this.arrivalToEvaluated = self.histogram({
      name: 'opsroom_topic_arrival_to_evaluated_seconds',
      help: 'From the arrival of the oldest sample of an evaluation to its end.',
      buckets: LATENCY_BUCKETS,
    });
    this.evaluatedToSent = self.histogram({
      name: 'opsroom_topic_evaluated_to_sent_seconds',
      help: 'From the evaluation of a frame to its being written to a watcher; one watcher in each slice is measured.',
      buckets: LATENCY_BUCKETS,
    });
    this.sentToAcked = self.histogram({
      name: 'opsroom_topic_sent_to_acked_seconds',
      help: 'From a bundle being written to a watcher with credit to its having processed it.',
      buckets: LATENCY_BUCKETS,
    });
  }

  /** Gauges that are read when somebody asks. */
  observe(read: () => { readonly topics: number; readonly waiting: number }): void {
    this.self.gauge({
      name: 'opsroom_topics',
      help: 'Topics that are alive.',
      collect: (gauge) => gauge.set(read().topics),
    });
    this.self.gauge({
      name: 'opsroom_topics_waiting',
      help: 'Topics that wait for their evaluation.',
      collect: (gauge) => gauge.set(read().waiting),
    });
  }

  /** `latencyMs` is -Infinity where no sample drove the evaluation. */
  evaluated(durationMs: number, latencyMs: number): void {
    this.evaluations.observe(durationMs / 1000);
    if (latencyMs >= 0) this.arrivalToEvaluated.observe(latencyMs / 1000);
  }

  sent(latencyMs: number): void {
    if (latencyMs >= 0) this.evaluatedToSent.observe(latencyMs / 1000);
  }

  acked(latencyMs: number): void {
    this.sentToAcked.observe(latencyMs / 1000);
  }
}
