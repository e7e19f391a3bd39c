import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';

/** The clock, for everybody. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }],
  exports: [Clock],
})
export class ModelModule {}
