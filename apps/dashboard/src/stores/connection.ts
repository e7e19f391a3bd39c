import type { ConnectionState } from '@opsroom/client';
import type { ServerStatus } from '@opsroom/contracts';
import { Subscription } from 'rxjs';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { ask, leaveServer, listen, server } from '../sockets/server.js';
import { livenessOf, nextClockOffset, nextRhythm } from './liveness.js';

const TICK_MS = 250;

/**
 * The connection and the truth about it.
 * In: the connection's life, `status:changed`. Out: liveness, data age, the server's time, its status. Owns: when the page connects and leaves.
 */
export const useConnection = defineStore('connection', () => {
  const status = shallowRef<ServerStatus | null>(null);
  const link = shallowRef<ConnectionState>({ state: 'connecting', sinceMs: Date.now() });
  const everConnected = ref(false);
  const heardMs = ref(Date.now());
  const rhythmMs = ref(1_000);
  const offsetMs = ref<number | null>(null);
  const newestMs = ref(0);
  const tickMs = ref(Date.now());
  let open: Subscription | undefined;

  /** The server says that nobody is logged in here. */
  const unauthenticated = computed(() => link.value.state === 'unauthenticated');
  const connected = computed(() => link.value.state === 'connected');
  const liveness = computed(() =>
    livenessOf(
      {
        connected: connected.value,
        everConnected: everConnected.value,
        heardMs: heardMs.value,
        rhythmMs: rhythmMs.value,
      },
      tickMs.value,
    ),
  );
  const live = computed(() => liveness.value === 'live');
  /** The server's time, four times a second. It stands still with the data: a span that counts on would look alive. */
  const nowMs = computed(() => {
    const still = liveness.value === 'lost' || liveness.value === 'silent';
    return (still ? heardMs.value : tickMs.value) + (offsetMs.value ?? 0);
  });
  /** The same once a second, for everything that counts seconds. */
  const secondMs = computed(() => Math.floor(nowMs.value / 1000) * 1000);
  /** Age of the newest sample that the server is known to have; null while unknown. */
  const ageMs = computed(() => (newestMs.value === 0 ? null : Math.max(0, nowMs.value - newestMs.value)));
  /** For how long nothing has been heard. */
  const silentMs = computed(() => Math.max(0, tickMs.value - heardMs.value));

  /**
   * A message of the server: `serverMs` is when it was made, `newest` the time of the newest sample that it tells of. Without
   * `serverMs` only newer samples count as a sign of life, since the page also tells itself what it knows already.
   */
  function heard(serverMs?: number, newest = 0): void {
    const now = Date.now();
    const newer = newest > newestMs.value;
    if (serverMs !== undefined) offsetMs.value = nextClockOffset(offsetMs.value, serverMs - now);
    if (newer) newestMs.value = newest;
    if (newer || serverMs !== undefined) heardMs.value = now;
  }

  function takeStatus(next: ServerStatus): void {
    const before = status.value;
    if (before?.startedMs === next.startedMs && next.atMs > before.atMs) {
      rhythmMs.value = nextRhythm(rhythmMs.value, next.atMs - before.atMs);
    }
    status.value = next;
    heard(next.atMs, Math.max(0, ...next.sources.map((source) => source.lastBatchMs)));
  }

  async function askStatus(): Promise<void> {
    try {
      takeStatus((await ask('/status', 'topic:subscribe', {})).status);
    } catch {
      // It is asked again with the next connection; until then the badge says what holds.
    }
  }

  /** Connects for whoever is logged in; does nothing while connected. */
  function start(): void {
    if (open) return;
    open = new Subscription();
    open.add(
      listen(server().connection$, (state) => {
        if (state.state === 'connected') {
          everConnected.value = true;
          heardMs.value = Date.now();
        }
        link.value = state;
        tickMs.value = Date.now();
      }),
    );
    open.add(listen(server().connected$('/status'), () => void askStatus()));
    open.add(listen(server().events$('/status', 'status:changed'), takeStatus));
    const ticking = setInterval(() => (tickMs.value = Date.now()), TICK_MS);
    open.add(() => clearInterval(ticking));
  }

  /** Leaves the server: after logout. */
  function stop(): void {
    open?.unsubscribe();
    open = undefined;
    leaveServer();
    status.value = null;
    everConnected.value = false;
    newestMs.value = 0;
    link.value = { state: 'connecting', sinceMs: Date.now() };
  }

  return {
    status,
    unauthenticated,
    connected,
    liveness,
    live,
    heardMs,
    silentMs,
    ageMs,
    nowMs,
    secondMs,
    start,
    stop,
    heard,
  };
});
