import {
  alertsTopicKey,
  type AlertsFrame,
  type AlertsSubscribed,
  type AlertView,
  type MatcherSpec,
  type Position,
} from '@opsroom/contracts';
import { shallowRef, type ShallowRef } from 'vue';
import { EMPTY_FOLD, foldFrame, type AlertsFold } from './alerts-fold.js';

/** The alerts that some matchers select, as of the last frame. */
export interface AlertTopic {
  readonly matchers: readonly MatcherSpec[];
  readonly alerts: ShallowRef<ReadonlyMap<string, AlertView>>;
  /** A snapshot has come; until then an empty list means nothing. */
  readonly ready: ShallowRef<boolean>;
  /** Why the server refused or ended the topic, in words; empty while all is well. */
  readonly problem: ShallowRef<string>;
}

/** The requests that topics need, so that tests can stand in for the socket. */
export interface AlertTopicsLink {
  subscribe(input: { matchers: readonly MatcherSpec[]; resume?: Position }): Promise<AlertsSubscribed>;
  unsubscribe(topic: string): Promise<unknown>;
}

interface Entry extends AlertTopic {
  fold: AlertsFold;
  watchers: number;
  /** A subscribe is on its way: what is missing will come with it, so a gap needs no second one. */
  asking: boolean;
}

/**
 * The alert topics that this page watches; several watchers of the same matchers share one.
 * In: frames, and when the link comes up. Out: AlertTopic. Owns: folds and positions.
 */
export class AlertTopics {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly link: AlertTopicsLink) {}

  /** Watches a topic; `release` it when done. */
  watch(matchers: readonly MatcherSpec[]): { topic: AlertTopic; release: () => void } {
    const key = alertsTopicKey(matchers);
    let entry = this.entries.get(key);
    if (!entry) {
      entry = {
        matchers,
        alerts: shallowRef(EMPTY_FOLD.alerts),
        ready: shallowRef(false),
        problem: shallowRef(''),
        fold: EMPTY_FOLD,
        watchers: 0,
        asking: false,
      };
      this.entries.set(key, entry);
      void this.subscribe(key, entry);
    }
    entry.watchers++;
    const held = entry;
    let released = false;
    return {
      topic: entry,
      release: () => {
        if (released) return;
        released = true;
        if (--held.watchers > 0) return;
        this.entries.delete(key);
        void this.link.unsubscribe(key).catch(() => undefined);
      },
    };
  }

  /** The link is up (again): each topic goes on from its position. */
  resume(): void {
    for (const [key, entry] of this.entries) void this.subscribe(key, entry);
  }

  /** Takes a frame of any topic. */
  take(frame: AlertsFrame): void {
    const entry = this.entries.get(frame.topic);
    if (!entry) return;
    const next = foldFrame(entry.fold, frame);
    if (next === null) {
      if (!entry.asking) void this.subscribe(frame.topic, entry);
      return;
    }
    entry.fold = next;
    entry.alerts.value = next.alerts;
    entry.ready.value = true;
    entry.problem.value = '';
  }

  /** The server ended a topic. */
  closed(topic: string, message: string): void {
    const entry = this.entries.get(topic);
    if (entry) entry.problem.value = message;
  }

  private async subscribe(key: string, entry: Entry): Promise<void> {
    const { position } = entry.fold;
    entry.asking = true;
    try {
      await this.link.subscribe(
        position === null ? { matchers: entry.matchers } : { matchers: entry.matchers, resume: position },
      );
      // Recovered without a missed frame: nothing follows, and what is shown is true again.
      if (this.entries.get(key) === entry) entry.problem.value = '';
    } catch (error) {
      // Not being connected is no problem of the topic: resume() comes with the link.
      const code = (error as { code?: string }).code;
      if (code !== 'unavailable') entry.problem.value = error instanceof Error ? error.message : String(error);
    } finally {
      entry.asking = false;
    }
  }
}
