import { DeliveryError } from './notifier.js';

export interface PostOptions {
  readonly timeoutMs: number;
  readonly authorization?: string;
  /** Same for each attempt at one message, so that a receiver can tell a repetition. */
  readonly deliveryId: string;
}

/**
 * Posts JSON. A 2xx answer is success; 429, 5xx and no answer at all may be tried again, as Alertmanager does; any other
 * answer will not get better. Returns the answer's text. Throws `DeliveryError`, whose message never shows the address's secrets.
 */
export async function postJson(url: string, body: unknown, options: PostOptions): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Opsroom',
        'idempotency-key': options.deliveryId,
        ...(options.authorization ? { authorization: options.authorization } : {}),
      },
      signal: AbortSignal.timeout(options.timeoutMs),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeliveryError(`${hostOf(url)} did not answer: ${why}`, true, { cause: error });
  }
  const text = await response.text().catch(() => '');
  if (response.ok) return text;
  const retryable = response.status === 429 || response.status >= 500;
  throw new DeliveryError(`${hostOf(url)} answered ${response.status}: ${text.slice(0, 200)}`, retryable);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the address';
}
