import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileURLToPath } from 'node:url';
import type { OpsroomConfig } from '../../config/config.js';
import { requestsUnder } from './base-path.js';
import { compressAnswers } from './compress-answers.js';
import { OriginPolicy } from './origin-policy.js';
import { OriginationService } from './origination.service.js';
import { servePage } from './page/serve-page.js';
import { securityHeaders } from './security-headers.js';

/** Bodies of JSON and forms; remote write brings its own bound. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Dashboards send long expressions in URLs; Node's own bound is 16 KiB. */
const MAX_HEAD_BYTES = 128 * 1024;
/** A sender's largest sensible remote-write request, compressed. */
const MAX_WRITE_BYTES = 32 * 1024 * 1024;
const PAGE_FOLDER = fileURLToPath(new URL('../../../../dashboard/dist/', import.meta.url));

/** The server under its base path: `NestFactory.create(AppModule, createHttpAdapter(config))`. */
export function createHttpAdapter(config: OpsroomConfig): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // Labels and expressions in a path may be long and hold escaped slashes.
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    http: { IncomingMessage: requestsUnder(config.process.basePath), maxHeaderSize: MAX_HEAD_BYTES },
    forceCloseConnections: true,
  });
}

/** Everything that stands before the routes: headers, origins, compression, bodies, and the page behind them. */
export function configureHttp(app: NestFastifyApplication, options: { readonly pageFolder?: string } = {}): void {
  const fastify = app.getHttpAdapter().getInstance();
  const origination = app.get(OriginationService);
  const origins = app.get(OriginPolicy);

  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders);
    const { origin } = request.headers;
    const decision = origins.check(readsOnly(request) ? undefined : originOf(request), origination.of(request.raw));
    if (!decision.allowed) {
      reply
        .status(403)
        .type('application/json')
        .send(JSON.stringify({ error: { code: 'forbidden', message: decision.message } }));
      return;
    }
    if (origin !== undefined && origins.isAllowed(origin)) {
      allowReading(reply, origin);
      if (request.method === 'OPTIONS') return void reply.status(204).send();
    }
    done();
  });
  compressAnswers(fastify);
  fastify.addContentTypeParser(
    'application/x-protobuf',
    { parseAs: 'buffer', bodyLimit: MAX_WRITE_BYTES },
    (_request, body, done) => done(null, body),
  );
  servePage(fastify, options.pageFolder ?? PAGE_FOLDER, origination);
}

const readsOnly = (request: FastifyRequest): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(request.method);

/** A browser that hides the origin of a cross-site form still says that it is one. */
function originOf(request: FastifyRequest): string | undefined {
  const { origin } = request.headers;
  if (origin !== undefined) return origin;
  return request.headers['sec-fetch-site'] === 'cross-site' ? 'null' : undefined;
}

/** A page of an allowed origin may send its cookie and read the answer. */
function allowReading(reply: FastifyReply, origin: string): void {
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'origin',
  });
}
