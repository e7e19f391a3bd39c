import type { Message } from '../delivery/message.js';

/** The delivery failed. Whether another attempt may help decides what the outbox does next. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Sends messages to one place. */
export interface Notifier {
  /** `receiver/kind/index`; stable over restarts. */
  readonly id: string;
  readonly receiver: string;
  readonly sendResolved: boolean;
  /** Resolves when the place has taken it. Throws `DeliveryError`. `deliveryId` is the same for each attempt at one message. */
  send(message: Message, deliveryId: string): Promise<void>;
}
