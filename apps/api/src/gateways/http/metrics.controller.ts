import { Controller, Get, type OnModuleInit, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SelfMetrics } from '../../model/self-metrics.js';

/** This server's own metrics, for whoever scrapes it. */
@Controller('metrics')
export class MetricsController implements OnModuleInit {
  constructor(private readonly metrics: SelfMetrics) {}

  onModuleInit(): void {
    this.metrics.collectProcess();
  }

  @Get()
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
