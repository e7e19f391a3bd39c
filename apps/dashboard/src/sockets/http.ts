import type { ErrorCode } from '@opsroom/contracts';

/** A request over HTTP that was refused or never arrived (`status` 0). `message` is fit for people. */
export class HttpError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code?: ErrorCode,
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

/** Address of a path of the server, under whatever base path the page was served from. */
export const serverUrl = (path: string): string => new URL(path, document.baseURI).href;

/**
 * One JSON request. The body is sent as JSON when given; an empty answer gives `undefined`.
 * Throws HttpError for every status but 2xx, with the server's own words where it has some.
 */
export async function requestJson<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(serverUrl(path), {
      method,
      credentials: 'same-origin',
      headers:
        body === undefined
          ? { accept: 'application/json' }
          : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new HttpError('The server cannot be reached. Check the network, then try again.', 0);
  }
  const answer = await readJson(response);
  if (!response.ok) throw refusal(response.status, answer, response.headers.get('retry-after'));
  return answer as T;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (response.ok) throw new HttpError('The server gave an answer that this page cannot read.', response.status);
    return undefined;
  }
}

/** Reads the three shapes of refusal that the server's HTTP edges have: our own, Prometheus's and the framework's. */
function refusal(status: number, answer: unknown, retryAfter: string | null): HttpError {
  const body = asRecord(answer);
  const own = asRecord(body.error);
  const words = [own.message, body.message, body.error].find((text) => typeof text === 'string' && text !== '');
  const code = typeof own.code === 'string' ? (own.code as ErrorCode) : undefined;
  const waitMs =
    typeof own.retryAfterMs === 'number'
      ? own.retryAfterMs
      : Number(retryAfter) > 0
        ? Number(retryAfter) * 1000
        : undefined;
  return new HttpError(typeof words === 'string' ? words : `The server answered ${status}.`, status, code, waitMs);
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
