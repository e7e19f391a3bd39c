import type { AlertHistoryEntry, AlertView, Note } from '@opsroom/contracts';
import { useDebounceFn, useTimeoutFn } from '@vueuse/core';
import { Subscription } from 'rxjs';
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { ask, listen, newRequestId, server } from '../sockets/server.js';
import { useAlerts } from '../stores/alerts.js';
import { useSession } from '../stores/session.js';
import { mergeTimeline, type TimelineItem } from '../stores/timeline.js';

export interface WarRoom {
  /** Null once joined: no such alert is known any more. */
  readonly alert: ComputedRef<AlertView | null>;
  readonly joined: Ref<boolean>;
  readonly problem: Ref<string>;
  readonly present: Ref<readonly string[]>;
  /** Others who are writing a note now. */
  readonly typing: ComputedRef<readonly string[]>;
  readonly timeline: ComputedRef<readonly TimelineItem[]>;
  /** Tells the others that one is writing; stops by itself. */
  type: () => void;
  addNote: (text: string) => Promise<void>;
}

/** How long after the last key one still counts as writing. */
const TYPING_MS = 3_000;

/** The shared page of one alert: who is here, what was written, what happened. Joins while the caller's scope lives. */
export function useWarRoom(fingerprint: string): WarRoom {
  const alerts = useAlerts();
  const session = useSession();
  const known = shallowRef<AlertView | null>(null);
  const joined = ref(false);
  const problem = ref('');
  const present = shallowRef<readonly string[]>([]);
  const writers = shallowRef<readonly string[]>([]);
  const notes = shallowRef<readonly Note[]>([]);
  const history = shallowRef<readonly AlertHistoryEntry[]>([]);
  const open = new Subscription();

  const live = computed(() => alerts.all.get(fingerprint));
  watch(live, (alert) => alert && (known.value = alert), { immediate: true });

  async function join(): Promise<void> {
    try {
      const room = await ask('/rooms', 'room:join', { alert: fingerprint });
      known.value = live.value ?? room.alert;
      notes.value = room.notes;
      history.value = room.history;
      present.value = room.present;
      problem.value = '';
      joined.value = true;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** A note comes twice to whoever wrote it: as the answer and to everybody. */
  function keep(note: Note): void {
    if (!notes.value.some(({ id }) => id === note.id)) notes.value = [...notes.value, note];
  }

  const loadHistory = useDebounceFn(async () => {
    try {
      history.value = (await ask('/alerts', 'alert:history', { fingerprint, limit: 200 })).entries;
    } catch {
      // The next change, or the next connection, asks again.
    }
  }, 300);
  // What people did, or a turn of the condition, is in the history; a new value alone is not.
  watch(
    () => {
      const alert = live.value;
      return (
        alert &&
        [
          alert.condition,
          alert.episode,
          alert.flaps,
          alert.assignee,
          alert.acknowledgement?.atMs,
          alert.suppressedBy.length,
        ].join()
      );
    },
    () => joined.value && void loadHistory(),
  );

  const mine =
    <T extends { alert: string }>(take: (event: T) => void) =>
    (event: T): void => {
      if (event.alert === fingerprint) take(event);
    };
  open.add(listen(server().connected$('/rooms'), () => void join()));
  open.add(
    listen(
      server().events$('/rooms', 'room:presence'),
      mine((event) => (present.value = event.present)),
    ),
  );
  open.add(
    listen(
      server().events$('/rooms', 'typing:changed'),
      mine((event) => (writers.value = event.typing)),
    ),
  );
  open.add(listen(server().events$('/rooms', 'note:added'), (note) => note.fingerprint === fingerprint && keep(note)));

  const stop = useTimeoutFn(() => void server().request('/rooms', 'typing:stop', { alert: fingerprint }), TYPING_MS, {
    immediate: false,
  });
  function type(): void {
    if (!stop.isPending.value) void server().request('/rooms', 'typing:start', { alert: fingerprint });
    stop.start();
  }

  async function addNote(text: string): Promise<void> {
    const { note } = await ask('/rooms', 'note:add', { alert: fingerprint, text, requestId: newRequestId() });
    keep(note);
    if (stop.isPending.value) {
      stop.stop();
      void server().request('/rooms', 'typing:stop', { alert: fingerprint });
    }
  }

  onScopeDispose(() => {
    open.unsubscribe();
    void server().request('/rooms', 'room:leave', { alert: fingerprint });
  });

  return {
    alert: computed(() => known.value),
    joined,
    problem,
    present,
    typing: computed(() => writers.value.filter((name) => name !== session.identity?.name)),
    timeline: computed(() => mergeTimeline(history.value, notes.value)),
    type,
    addNote,
  };
}
