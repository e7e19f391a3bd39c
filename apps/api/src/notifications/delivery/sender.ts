import { Logger } from '@nestjs/common';
import type { AlertRef, NotificationEvent } from '@opsroom/contracts';
import type { Clock } from '../../model/clock.js';
import { DeliveryError, type Notifier } from '../notifiers/notifier.js';
import type { Database } from '../../storage/database.js';
import type { EventLog } from './event-log.js';
import { linkedMessage } from './linked-message.js';
import { deliveryId, GIVE_UP_MS, type Outbox, type OutboxItem } from './outbox.js';

/** How many messages are on their way to one notifier at once: one that hangs holds up nobody else's. */
const CONCURRENCY = 8;

export interface SenderParts {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  /** The link in a message that acknowledges an alert of it; the same in each attempt. */
  readonly acknowledgeUrl: (alert: AlertRef, item: OutboxItem) => string;
  /** A receiver has taken a message; in the transaction that takes it out of the outbox. */
  readonly delivered: (item: OutboxItem) => void;
  /** A message will never arrive; whoever decided to send it may tell anew. */
  readonly givenUp: (item: OutboxItem) => void;
}

/**
 * Takes what is due from the outbox and sends it. A message leaves the outbox after its receiver has taken it, so a kill between the
 * two sends it once more (with the same delivery id); it is never lost.
 */
export class Sender {
  private readonly logger = new Logger('Notifications');
  /** By notifier. */
  private readonly underway = new Map<string, Set<number>>();
  private stopped = false;

  constructor(private readonly parts: SenderParts) {}

  /** Delivers what is due, up to the limit of each notifier, and goes on while there is more. Resolves when what it started has ended. */
  async drain(): Promise<void> {
    await Promise.all(this.parts.outbox.notifiers().map((notifier) => this.drainTo(notifier)));
  }

  /** Begins no more deliveries; what is under way ends by itself. */
  stop(): void {
    this.stopped = true;
  }

  private async drainTo(notifier: string): Promise<void> {
    const underway = this.underway.get(notifier) ?? new Set();
    this.underway.set(notifier, underway);
    const room = CONCURRENCY - underway.size;
    if (room <= 0 || this.stopped) return;
    const started = this.parts.outbox.due(notifier, this.parts.clock.nowMs(), room, underway);
    for (const item of started) underway.add(item.id);
    await Promise.all(
      started.map(async (item) => {
        try {
          await this.deliver(item);
        } finally {
          underway.delete(item.id);
        }
        await this.drainTo(notifier);
      }),
    );
  }

  private async deliver(item: OutboxItem): Promise<void> {
    const { database, outbox, notifiers, acknowledgeUrl, delivered } = this.parts;
    try {
      const notifier = notifiers.get(item.notifier);
      if (!notifier) throw new DeliveryError('the configuration no longer has this receiver', false);
      const message = await linkedMessage(item.message, (alert) => acknowledgeUrl(alert, item));
      await notifier.send(message, deliveryId(item));
      database.transaction(() => {
        outbox.remove(item.id);
        this.log(item, 'delivered', '');
        delivered(item);
      });
    } catch (error) {
      this.failed(item, error);
    }
  }

  private failed(item: OutboxItem, error: unknown): void {
    const { database, outbox, clock, givenUp } = this.parts;
    const why = error instanceof Error ? error.message : String(error);
    const hopeless = error instanceof DeliveryError && !error.retryable;
    const tooOld = clock.nowMs() - item.queuedMs > GIVE_UP_MS;
    this.logger.warn(`${item.notifier}: ${why}`);
    database.transaction(() => {
      if (!hopeless && !tooOld) {
        outbox.postpone(item, clock.nowMs());
        this.log(item, 'failed', why);
        return;
      }
      outbox.remove(item.id);
      this.log(item, 'given_up', why);
      givenUp(item);
    });
  }

  private log(item: OutboxItem, outcome: NotificationEvent['outcome'], detail: string): void {
    const { receiver, groupKey, notificationReason: reason } = item.message;
    const atMs = this.parts.clock.nowMs();
    this.parts.events.add({ atMs, outcome, reason, receiver, notifier: item.notifier, groupKey, detail });
  }
}
