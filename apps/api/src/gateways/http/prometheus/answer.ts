import {
  applyDecorators,
  All,
  Header,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  HttpException,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What a successful answer says beside its data. */
export interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

export const TRUNCATED = 'results truncated due to limit';

/** Remarks as members that follow on data. */
export function remarksJson({ warnings = [], infos = [] }: Remarks): string {
  const member = (name: string, texts: readonly string[]): string =>
    texts.length > 0 ? `,"${name}":${JSON.stringify(texts)}` : '';
  return member('warnings', warnings) + member('infos', infos);
}

/** `{"status":"success","data":…}` around data that are JSON already. */
export const successOf = (json: string, remarks: Remarks = {}): string =>
  `{"status":"success","data":${json}${remarksJson(remarks)}}`;

export const success = (data: unknown, remarks?: Remarks): string => successOf(JSON.stringify(data), remarks);

/** The first `limit` of a list (0: all), with the warning that tells of the rest. */
export function limitedList<T>(
  items: readonly T[],
  limit: number,
): { readonly kept: readonly T[]; readonly remarks: Remarks } {
  if (limit === 0 || items.length <= limit) return { kept: items, remarks: {} };
  return { kept: items.slice(0, limit), remarks: { warnings: [TRUNCATED] } };
}

class GetOrPostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method } = context.switchToHttp().getRequest<FastifyRequest>();
    if (method !== 'GET' && method !== 'POST' && method !== 'HEAD') throw new HttpException('Method Not Allowed', 405);
    return true;
  }
}

/** A route of the query API: by GET, and by POST with a form for queries that are too long for a URL. Answers JSON. */
export const GetOrPost = (path: string): MethodDecorator =>
  applyDecorators(All(path), UseGuards(GetOrPostGuard), Header('content-type', 'application/json'));

/** Header of handlers that answer with JSON that they have printed themselves. */
export const Json = (): MethodDecorator => Header('content-type', 'application/json');
