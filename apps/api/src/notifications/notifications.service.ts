import { readFileSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { NotificationEvent, NotifierOutcome, ReceiverView, RouteView } from '@opsroom/contracts';
import { merge, Subscription, tap } from 'rxjs';
import { AlertsService } from '../alerts/alerts.service.js';
import { OpsroomConfig } from '../config/config.js';
import { expandGlob } from '../config/glob.js';
import { Clock } from '../model/clock.js';
import { Refusal } from '../model/refusal.js';
import { Database } from '../storage/database.js';
import { EventLog } from './delivery/event-log.js';
import { deliveryId, Outbox, type OutboxItem } from './delivery/outbox.js';
import { Sender } from './delivery/sender.js';
import { testMessage } from './delivery/test-message.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { type Group, Groups } from './grouping/groups.js';
import { AcknowledgeLinks } from './links/acknowledge-links.js';
import type { Notifier } from './notifiers/notifier.js';
import { notifiersOf } from './notifiers/notifiers.js';
import { NotificationLog } from './pipeline/notification-log.js';
import { routeView } from '../routing/route-view.js';
import { Routing } from '../routing/routing.js';
import { Renderer } from './templates/renderer.js';

const BEAT_MS = 1_000;
const LOG_KEPT_MS = 30 * 86_400_000;

/**
 * In: `transitions$` and time. Out: messages to receivers, and a record of each decision.
 * Owns: groups, the outbox, the notification log, the links in messages. Without a `route` in the configuration it does nothing.
 */
@Injectable()
export class NotificationsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Notifications');
  private readonly subscription = new Subscription();
  private readonly events: EventLog;
  private readonly outbox: Outbox;
  private readonly log: NotificationLog;
  private readonly notifiers: ReadonlyMap<string, readonly Notifier[]>;
  private groups: Groups | undefined;
  /** The next slice of a flush is on its way. */
  private returning = false;

  readonly links: AcknowledgeLinks;

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly alerts: AlertsService,
    private readonly routing: Routing,
  ) {
    this.events = new EventLog(database);
    this.outbox = new Outbox(database);
    this.log = new NotificationLog(database);
    this.links = new AcknowledgeLinks(database);
    const files = config.templateFiles.flatMap((pattern) => expandGlob(pattern));
    const renderer = new Renderer(
      files.map((name) => ({ name, text: readFileSync(name, 'utf8') })),
      () => clock.nowMs(),
    );
    this.notifiers = new Map(config.receivers.map((receiver) => [receiver.name, notifiersOf(receiver, renderer)]));
  }

  onApplicationBootstrap(): void {
    const { root } = this.routing;
    if (!root) return;
    const groups = new Groups(root);
    this.groups = groups;
    const dispatcher = new Dispatcher({
      groups,
      database: this.database,
      log: this.log,
      outbox: this.outbox,
      events: this.events,
      notifiers: this.notifiers,
      routing: this.routing,
      externalUrl: this.config.process.externalUrl,
      record: (fingerprint, kind, detail) => void this.alerts.record(fingerprint, kind, detail),
    });
    const sender = new Sender({
      database: this.database,
      outbox: this.outbox,
      events: this.events,
      clock: this.clock,
      notifiers: new Map([...this.notifiers.values()].flat().map((notifier) => [notifier.id, notifier])),
      acknowledgeUrl: (alert, item) => {
        const id = `${deliveryId(item)}/${alert.fingerprint}`;
        const token = this.links.token(id, alert, item.message.receiver, item.queuedMs);
        return `${this.config.process.externalUrl}/acknowledge?token=${token}`;
      },
      delivered: (item) => this.recordTold(item),
      givenUp: (item) => this.tellAnew(item),
    });
    this.subscription.add(() => sender.stop());
    // What fired, or ended, before this start: the log knows what of it was told.
    for (const alert of this.alerts.select([])) groups.restore(alert, this.clock.nowMs());
    const changes$ = this.alerts.transitions$.pipe(tap((changes) => dispatcher.take(changes, this.clock.nowMs())));
    this.subscription.add(
      merge(changes$, this.clock.beats(BEAT_MS)).subscribe({
        next: () => this.work(dispatcher, sender),
        error: (error: unknown) => this.logger.error('notifications have stopped', error),
      }),
    );
    this.log.forgetBefore(this.clock.nowMs() - LOG_KEPT_MS);
  }

  onModuleDestroy(): void {
    this.subscription.unsubscribe();
  }

  /** Groups as they are now. */
  currentGroups(): readonly Group[] {
    return this.groups?.all() ?? [];
  }

  /** Receivers of the configuration with the ids of their notifiers. */
  receivers(): ReceiverView[] {
    return [...this.notifiers].map(([name, list]) => ({ name, notifiers: list.map((notifier) => notifier.id) }));
  }

  /** The routing tree for people; null without a `route` in the configuration. */
  routes(): RouteView | null {
    return this.routing.root ? routeView(this.routing.root) : null;
  }

  /** What was decided and delivered, newest first; `beforeId` pages on. */
  recent(limit: number, beforeId?: number): NotificationEvent[] {
    return this.events.recent(limit, beforeId);
  }

  /** Sends a made-up alert to every notifier of a receiver at once, past the pipeline. Gives each one's error, or null. */
  async sendTest(receiver: string, by: string): Promise<readonly NotifierOutcome[]> {
    const notifiers = this.notifiers.get(receiver);
    if (!notifiers) {
      const known = [...this.notifiers.keys()].join(', ') || 'none';
      throw new Refusal('not_found', `no receiver is called "${receiver}"; the configuration has: ${known}`);
    }
    const nowMs = this.clock.nowMs();
    const message = testMessage(receiver, by, this.config.process.externalUrl, nowMs);
    return Promise.all(
      notifiers.map(async (notifier) => {
        const outcome = await notifier.send(message, `opsroom-test-${nowMs}`).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        return { notifier: notifier.id, error: outcome };
      }),
    );
  }

  /** Decides about a slice of what is due, comes back soon for the rest, and sends. */
  private work(dispatcher: Dispatcher, sender: Sender): void {
    const more = dispatcher.flush(this.clock.nowMs());
    if (more && !this.returning) {
      this.returning = true;
      this.subscription.add(
        this.clock.after(0).subscribe({
          next: () => {
            this.returning = false;
            this.work(dispatcher, sender);
          },
          error: (error: unknown) => this.logger.error('notifications have stopped', error),
        }),
      );
    }
    sender.drain().catch((error: unknown) => this.logger.error('deliveries could not be recorded', error));
  }

  /** The history of an alert says who was told when they were, and not when it was decided. */
  private recordTold(item: OutboxItem): void {
    for (const { fingerprint, status } of item.message.alerts) {
      this.alerts.record(fingerprint, 'notified', `${item.notifier}: ${status}`);
    }
  }

  /** A message was given up: the log must not say that it was told, so that the group's next interval tries again. */
  private tellAnew(item: OutboxItem): void {
    this.log.remove(item.message.groupKey, item.notifier);
  }
}
