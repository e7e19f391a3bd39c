import type { ConfigOverrides } from '../config/config.fixture.js';
import { testConfig } from '../config/config.fixture.js';
import type { OpsroomConfig } from '../config/config.js';
import { SelfMetrics } from '../model/self-metrics.js';
import { type TestStore } from '../storage/test-store.fixture.js';
import { TopicCompiler } from './topic-compiler.js';
import type { WatchedTopic } from './topic-frames.js';
import { TopicMetrics } from './topic-metrics.js';
import { TopicsService } from './topics.service.js';

/** The topics over a real store, with time moved by hand. */
export class TopicsBench {
  readonly config: OpsroomConfig;
  readonly topics: TopicsService;

  constructor(
    readonly samples: TestStore,
    overrides: ConfigOverrides = {},
  ) {
    this.config = testConfig(overrides);
    const { clock, store } = samples;
    const metrics = new TopicMetrics(new SelfMetrics());
    this.topics = new TopicsService(this.config, clock, store, new TopicCompiler(this.config, clock, store), metrics);
    this.topics.onModuleInit();
  }

  /** Opens a topic and lets it fill. */
  async open(expr: string, stepMs: number, windowMs: number): Promise<WatchedTopic> {
    let done = false;
    const opening = this.topics.open({ expr, stepMs, windowMs }).finally(() => (done = true));
    opening.catch(() => undefined);
    while (!done) await this.settle();
    return opening;
  }

  /** Runs what is due now, and what that brings about. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 5; j++) await Promise.resolve();
      this.samples.clock.advance(0);
    }
  }

  /** Moves time on and lets everything happen. */
  async advance(ms: number): Promise<void> {
    this.samples.clock.advance(ms);
    await this.settle();
  }

  close(): void {
    this.topics.onModuleDestroy();
  }
}
