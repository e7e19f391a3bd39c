import type { ServerStatus } from '@opsroom/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { openSockets, type Sockets } from '../sockets/sockets.js';
import { livenessOf, nextClockOffset, nextRhythm } from './liveness.js';

const TICK_MS = 250;
/** How long to wait before asking again a server that refused the connection for now. */
const RETRY_MS = 2_000;

/**
 * The connection and the truth about it.
 * In: the sockets' life, `status:changed`. Out: liveness, data age, the server's time, its status. Owns: the sockets.
 */
export const useConnection = defineStore('connection', () => {
  const sockets = shallowRef<Sockets | null>(null);
  const status = shallowRef<ServerStatus | null>(null);
  /** The server says that nobody is logged in here. */
  const unauthenticated = ref(false);
  const connected = ref(false);
  const everConnected = ref(false);
  const heardMs = ref(Date.now());
  const rhythmMs = ref(1_000);
  const offsetMs = ref<number | null>(null);
  const newestMs = ref(0);
  const tickMs = ref(Date.now());
  let ticking: ReturnType<typeof setInterval> | undefined;

  /** The server's time, four times a second. */
  const nowMs = computed(() => tickMs.value + (offsetMs.value ?? 0));
  /** The server's time, once a second, for everything that counts seconds. */
  const secondMs = computed(() => Math.floor(nowMs.value / 1000) * 1000);
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
  /** Age of the newest sample that the server is known to have. */
  const ageMs = computed(() => (newestMs.value === 0 ? null : Math.max(0, nowMs.value - newestMs.value)));

  /** Any message of the server; `serverMs` is when it was sent, `newest` the time of the newest sample that it tells of. */
  function heard(serverMs?: number, newest?: number): void {
    const now = Date.now();
    if (serverMs !== undefined) offsetMs.value = nextClockOffset(offsetMs.value, serverMs - now);
    if (newest !== undefined && newest > newestMs.value) newestMs.value = newest;
    heardMs.value = now;
    tickMs.value = now;
  }

  function takeStatus(next: ServerStatus): void {
    const before = status.value;
    if (before) rhythmMs.value = nextRhythm(rhythmMs.value, next.atMs - before.atMs);
    status.value = next;
    heard(next.atMs, Math.max(0, ...next.sources.map((source) => source.lastBatchMs)));
  }

  /** Opens the sockets for whoever is logged in; does nothing while they are open. */
  function start(): void {
    if (sockets.value) return;
    const opened = openSockets();
    sockets.value = opened;
    unauthenticated.value = false;
    for (const socket of [opened.status, opened.alerts, opened.rooms]) {
      socket.on('connect_error', (error) => refused(error, () => socket.connect()));
      socket.on('disconnect', (reason) => {
        // The server ended it on purpose: a session that is over, or a restart.
        if (reason === 'io server disconnect')
          setTimeout(() => sockets.value === opened && socket.connect(), RETRY_MS / 4);
      });
    }
    opened.status.on('connect', () => {
      connected.value = true;
      everConnected.value = true;
      heard();
      opened.status.timeout(10_000).emit('topic:subscribe', {}, (failed, reply) => {
        if (!failed && reply.ok) takeStatus(reply.status);
      });
    });
    opened.status.on('disconnect', () => {
      connected.value = false;
      tickMs.value = Date.now();
    });
    opened.status.on('status:changed', takeStatus);
    opened.alerts.onAny(() => heard());
    opened.rooms.onAny(() => heard());
    for (const socket of [opened.status, opened.alerts, opened.rooms]) socket.connect();
    ticking = setInterval(() => (tickMs.value = Date.now()), TICK_MS);
  }

  function refused(error: Error & { data?: { code?: string } }, again: () => void): void {
    if (error.data?.code === 'unauthenticated' || error.message === 'unauthenticated') {
      unauthenticated.value = true;
      return;
    }
    // A refusal by the server is not retried by the socket itself; a connection that never stood is.
    const mine = sockets.value;
    if (error.data) setTimeout(() => sockets.value === mine && again(), RETRY_MS);
  }

  /** Closes everything: after logout, and before another login. */
  function stop(): void {
    clearInterval(ticking);
    sockets.value?.status.disconnect();
    sockets.value?.alerts.disconnect();
    sockets.value?.rooms.disconnect();
    sockets.value = null;
    status.value = null;
    connected.value = false;
    everConnected.value = false;
    unauthenticated.value = false;
    newestMs.value = 0;
  }

  return {
    sockets,
    status,
    unauthenticated,
    liveness,
    live,
    heardMs,
    ageMs,
    nowMs,
    secondMs,
    start,
    stop,
    heard,
  };
});
