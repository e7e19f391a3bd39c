import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { SelfMetrics } from './self-metrics.js';

/** The clock and the server's own metrics, for everybody. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, SelfMetrics],
  exports: [Clock, SelfMetrics],
})
export class ModelModule {}
