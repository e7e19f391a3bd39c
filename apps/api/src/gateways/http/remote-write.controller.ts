import { Controller, HttpException, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RemoteWriteService } from '../../ingest/remote-write/remote-write.service.js';
import { Needs } from './needs.js';

/** Samples pushed by a Prometheus or an agent: remote write 1.0, https://prometheus.io/docs/specs/prw/remote_write_spec/ */
@Controller()
export class RemoteWriteController {
  constructor(private readonly remoteWrite: RemoteWriteService) {}

  @Post('api/v1/write')
  @Needs('responder')
  write(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const refusal = unsupported(request);
    if (refusal !== undefined) throw new HttpException(refusal, 415);
    const { status, message } = this.remoteWrite.write(request.body as Uint8Array);
    void reply.status(status);
    if (message === '') void reply.send();
    else void reply.type('text/plain; charset=utf-8').send(`${message}\n`);
  }
}

/** A sender that offers remote write 2.0 falls back to 1.0 on status 415. */
function unsupported({ headers, body }: FastifyRequest): string | undefined {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'snappy';
  if (/proto\s*=\s*"?io\.prometheus\.write\.v2/i.test(type)) return 'send remote write 1.0 (prometheus.WriteRequest)';
  if (encoding.toLowerCase() !== 'snappy') return `send the body compressed with snappy, not ${encoding}`;
  return body instanceof Uint8Array ? undefined : 'send the body as application/x-protobuf';
}
