import type { AlertView } from '@opsroom/contracts';
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { compareAlerts, nextOrder } from '../stores/alert-order.js';

export interface FrozenOrder {
  /** The rows from top to bottom; a row that left the topic while frozen shows what was last known. */
  readonly rows: ComputedRef<readonly AlertView[]>;
  /** Fingerprints of rows that are only held in place. */
  readonly gone: ComputedRef<ReadonlySet<string>>;
  /** How many alerts wait to be let in. */
  readonly waiting: Ref<number>;
  /** Lets them in and sorts anew, even while frozen. */
  letIn: () => void;
}

/** Sorts alerts and keeps their order still while `frozen` is true. */
export function useFrozenOrder(alerts: Ref<ReadonlyMap<string, AlertView>>, frozen: Ref<boolean>): FrozenOrder {
  const order = shallowRef<readonly string[]>([]);
  const waiting = shallowRef(0);
  const remembered = new Map<string, AlertView>();

  function settle(hold: boolean): void {
    const sorted = [...alerts.value.values()].sort(compareAlerts).map((alert) => alert.fingerprint);
    const next = nextOrder(order.value, sorted, hold);
    order.value = next.order;
    waiting.value = next.waiting;
    const kept = new Set(next.order);
    for (const fingerprint of remembered.keys()) if (!kept.has(fingerprint)) remembered.delete(fingerprint);
    for (const [fingerprint, alert] of alerts.value) if (kept.has(fingerprint)) remembered.set(fingerprint, alert);
  }

  watch([alerts, frozen], () => settle(frozen.value), { immediate: true });

  return {
    rows: computed(() =>
      order.value.flatMap((fingerprint) => alerts.value.get(fingerprint) ?? remembered.get(fingerprint) ?? []),
    ),
    gone: computed(() => new Set(order.value.filter((fingerprint) => !alerts.value.has(fingerprint)))),
    waiting,
    letIn: () => settle(false),
  };
}
