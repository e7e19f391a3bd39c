import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici';
import type { HttpClientConfig } from '../../config/config.js';
import { tlsOptions } from './tls-options.js';
import { DeliveryError } from './notifier.js';

export interface PostOptions {
  readonly timeoutMs: number;
  /** Same for each attempt at one message, so that a receiver can tell a repetition. */
  readonly deliveryId: string;
}

export type Poster = (url: string, body: unknown, options: PostOptions) => Promise<string>;

/**
 * Makes a function that posts JSON with the headers, TLS and proxy of a configuration. A 2xx answer is success; 429, 5xx and no
 * answer at all may be tried again, as Alertmanager does; any other answer will not get better. It returns the answer's text, and
 * throws a `DeliveryError`, whose message never shows the address's secrets.
 */
export function jsonPoster(http: HttpClientConfig): Poster {
  const dispatcher = dispatcherOf(http);
  return async (url, body, { timeoutMs, deliveryId }) => {
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Opsroom',
          'idempotency-key': deliveryId,
          ...http.headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
        ...(dispatcher && { dispatcher }),
      });
    } catch (error) {
      throw new DeliveryError(`${hostOf(url)} did not answer: ${reasonOf(error)}`, true, { cause: error });
    }
    const text = await response.text().catch(() => '');
    if (response.ok) return text;
    const retryable = response.status === 429 || response.status >= 500;
    throw new DeliveryError(`${hostOf(url)} answered ${response.status}: ${text.slice(0, 200)}`, retryable);
  };
}

/** Connections of their own where the configuration asks for others than everybody has. */
function dispatcherOf({ tls, proxy }: HttpClientConfig): Dispatcher | undefined {
  const connect = tls && tlsOptions(tls);
  if (!proxy) return connect && new Agent({ connect });
  return new EnvHttpProxyAgent({
    ...(connect && { connect, requestTls: connect }),
    ...(proxy.url !== undefined && { httpProxy: proxy.url, httpsProxy: proxy.url, noProxy: proxy.noProxy ?? '' }),
    // Only what is encrypted needs a tunnel; many proxies refuse one to other ports.
    proxyTunnel: false,
  });
}

/** What the network or TLS said; fetch alone says only that it failed. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('cause' in error && error.cause !== undefined) return reasonOf(error.cause);
  return 'message' in error && typeof error.message === 'string' ? error.message : 'no reason is known';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the address';
}
