import { Module } from '@nestjs/common';
import { StorageModule } from '../storage/storage.module.js';
import { TopicCompiler } from './topic-compiler.js';
import { TopicMetrics } from './topic-metrics.js';
import { TopicsService } from './topics.service.js';

/** Live topics: one evaluation each, however many watch. */
@Module({
  imports: [StorageModule],
  providers: [TopicCompiler, TopicMetrics, TopicsService],
  exports: [TopicMetrics, TopicsService],
})
export class TopicsModule {}
