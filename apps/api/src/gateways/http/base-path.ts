import { IncomingMessage } from 'node:http';

/** The path without `basePath`, where it starts with it: a proxy may have taken it off or not. */
function withoutBasePath(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : rest.startsWith('?') ? `/${rest}` : url;
}

const stripped = Symbol('url without base path');

/**
 * Requests whose `url` has no base path. Node sets `url` once the head is parsed, before anybody sees the request, so routes
 * and sockets (which read the same property at an upgrade) know of no base path.
 */
export function requestsUnder(basePath: string): typeof IncomingMessage {
  class RequestUnderBasePath extends IncomingMessage {
    [stripped] = '';
  }
  Object.defineProperty(RequestUnderBasePath.prototype, 'url', {
    get(this: RequestUnderBasePath): string {
      return this[stripped];
    },
    set(this: RequestUnderBasePath, url: string) {
      this[stripped] = withoutBasePath(url, basePath);
    },
  });
  return RequestUnderBasePath;
}
