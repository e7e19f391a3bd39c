import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Identified } from '../../accounts/accounts.service.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null on open routes for strangers. */
    identified?: Identified | null;
    /** Address of the client, behind trusted proxies; set by the guard. */
    clientAddress?: string;
  }
}

/** Who asks and from where, as the guard found out. */
export interface Asker {
  readonly identity: Identified;
  readonly address: string;
}

/** Parameter of a handler behind the guard: `@Who() asker: Asker`. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Asker => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  if (!request.identified) throw new Error('@Who() stands on an open route');
  return { identity: request.identified, address: request.clientAddress ?? '' };
});
