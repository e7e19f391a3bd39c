import { connect, type OpsroomClient } from '@opsroom/client';
import { Labels } from '@opsroom/promql';
import { type ConfigOverrides, testConfig } from '../../apps/api/src/config/config.fixture.js';
import { OpsroomConfig } from '../../apps/api/src/config/config.js';
import { MetricsDelivery } from '../../apps/api/src/gateways/socket/metrics-delivery.js';
import { MetricsGateway } from '../../apps/api/src/gateways/socket/metrics.gateway.js';
import { MetricsRooms } from '../../apps/api/src/gateways/socket/metrics-rooms.js';
import { SocketBench } from '../../apps/api/src/gateways/socket/sockets.fixture.js';
import { Clock, SystemClock } from '../../apps/api/src/model/clock.js';
import { SelfMetrics } from '../../apps/api/src/model/self-metrics.js';
import { Store } from '../../apps/api/src/storage/store.js';
import { TestStore } from '../../apps/api/src/storage/test-store.fixture.js';
import { TopicCompiler } from '../../apps/api/src/topics/topic-compiler.js';
import { TopicMetrics } from '../../apps/api/src/topics/topic-metrics.js';
import { TopicsService } from '../../apps/api/src/topics/topics.service.js';

/** Store, topics and sockets as they run, in this process; clients over a real connection. */
export class LiveBench {
  private readonly clients: OpsroomClient[] = [];

  private constructor(
    readonly samples: TestStore,
    readonly sockets: SocketBench,
  ) {}

  static async start(
    options: {
      readonly config?: ConfigOverrides;
      readonly port?: number;
      readonly samples?: TestStore;
      readonly stock?: boolean;
    } = {},
  ): Promise<LiveBench> {
    const samples = options.samples ?? new TestStore();
    const config = { ...options.config, topics: { lingerMs: 1_000, coalesceMs: 10, ...options.config?.topics } };
    const sockets = await SocketBench.start(
      {
        providers: [
          { provide: OpsroomConfig, useValue: testConfig(config) },
          { provide: Clock, useClass: SystemClock },
          { provide: Store, useValue: samples.store },
          SelfMetrics,
          TopicMetrics,
          TopicCompiler,
          TopicsService,
          MetricsDelivery,
          MetricsRooms,
          MetricsGateway,
        ],
      },
      {
        config,
        ...(options.port !== undefined && { port: options.port }),
        dependencies: (app) => {
          const delivery = app.get(MetricsDelivery);
          return options.stock ? {} : { adapterFor: (namespace) => delivery.adapterFor(namespace) };
        },
      },
    );
    return new LiveBench(samples, sockets);
  }

  get url(): string {
    return this.sockets.url;
  }

  get topics(): TopicsService {
    return this.sockets.app.get(TopicsService);
  }

  client(): OpsroomClient {
    const client = connect({ url: this.url, transports: ['websocket'], maxBackoffMs: 300 });
    this.clients.push(client);
    return client;
  }

  /** One sample for each value: `x{n="0"}`, `x{n="1"}`, … */
  write(values: readonly number[], ageMs = 0): void {
    const timestampMs = Date.now() - ageMs;
    const { store } = this.samples;
    store.append({
      source: 'test',
      receivedMs: Date.now(),
      refs: Uint32Array.from(values, (_, n) => store.resolve(Labels.from({ __name__: 'x', n: String(n) }), 'test')),
      timestamps: new Float64Array(values.length).fill(timestampMs),
      values: Float64Array.from(values),
      count: values.length,
    });
  }

  async close(options: { readonly keepSamples?: boolean } = {}): Promise<void> {
    for (const client of this.clients) client.close();
    await this.sockets.close();
    if (!options.keepSamples) await this.samples.close();
  }
}

/** Waits for something to come about; the error says what did not. */
export async function until(what: string, condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`it did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
