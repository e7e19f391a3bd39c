import type { AlertsState } from '@opsroom/client';
import type { AlertView, MatcherSpec } from '@opsroom/contracts';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { printMatcher } from '../format/matchers.js';
import { server } from '../sockets/server.js';

export interface WatchedAlerts {
  readonly alerts: ComputedRef<ReadonlyMap<string, AlertView>>;
  /** False until the server has said what there is. */
  readonly ready: ComputedRef<boolean>;
  /** Why the server refused or ended the topic, in words; empty while all is well. */
  readonly problem: ComputedRef<string>;
}

const NONE: ReadonlyMap<string, AlertView> = new Map();

/** Watches the alerts that the matchers select, for as long as the caller's scope lives; follows changes of the matchers. */
export function useAlertTopic(matchers: Ref<readonly MatcherSpec[]>): WatchedAlerts {
  const state = shallowRef<AlertsState | null>(null);
  let watched: { close(): void } | undefined;

  watch(
    () => matchers.value.map(printMatcher).join(),
    () => {
      // The new topic is watched before the old one is left, so that a shared one stays.
      const before = watched;
      watched = server().watchAlerts(matchers.value, (next) => (state.value = next));
      before?.close();
    },
    { immediate: true },
  );
  onScopeDispose(() => watched?.close());

  return {
    alerts: computed(() => state.value?.alerts ?? NONE),
    ready: computed(() => state.value !== null && state.value.health !== 'connecting'),
    problem: computed(() => state.value?.error?.message ?? ''),
  };
}
