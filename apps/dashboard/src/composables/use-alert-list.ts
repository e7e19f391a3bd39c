import type { AlertView } from '@opsroom/contracts';
import { useTimeoutFn } from '@vueuse/core';
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import { groupAlerts, type AlertGroup } from '../stores/alert-order.js';
import { useAlertActs, type AlertActs } from './use-alert-acts.js';
import { useFrozenOrder, type FrozenOrder } from './use-frozen-order.js';
import { useShortcuts } from './use-shortcuts.js';

/** A mouse that only cuts a corner does not let go of the list. */
const MOUSE_HOLDS_MS = 400;

/** How long after its last key the keyboard still holds the list. */
const KEYBOARD_HOLDS_MS = 5_000;

export interface AlertList {
  readonly order: FrozenOrder;
  readonly groups: ComputedRef<readonly AlertGroup[]>;
  readonly acts: AlertActs;
  readonly selected: Ref<ReadonlySet<string>>;
  readonly chosen: ComputedRef<readonly AlertView[]>;
  /** Fingerprint of the row that the keyboard is on. */
  readonly current: Ref<string>;
  /** Takes pointerenter and pointerleave of the list and of what belongs to it. Fingers hold nothing: they act and are gone. */
  hover: (event: PointerEvent) => void;
  select: (fingerprint: string, range: boolean) => void;
  clear: () => void;
}

/**
 * A list of alerts under the hand: order that stands still, selection, keyboard.
 * `typing`: somebody is entering a filter, which also holds the order.
 */
export function useAlertList(
  alerts: Ref<ReadonlyMap<string, AlertView>>,
  groupBy: Ref<string>,
  typing: Ref<boolean>,
): AlertList {
  const router = useRouter();
  const acts = useAlertActs();
  const hovered = ref(false);
  const selected = shallowRef<ReadonlySet<string>>(new Set());
  const current = ref('');
  const leaving = useTimeoutFn(() => (hovered.value = false), MOUSE_HOLDS_MS, { immediate: false });
  const keyboard = useTimeoutFn(() => undefined, KEYBOARD_HOLDS_MS, { immediate: false });
  const frozen = computed(() => hovered.value || typing.value || selected.value.size > 0 || keyboard.isPending.value);

  const order = useFrozenOrder(alerts, frozen);
  const groups = computed(() => groupAlerts(order.rows.value, groupBy.value));
  /** The rows in the order that the eye meets them. */
  const flat = computed(() => groups.value.flatMap((group) => group.alerts));
  const chosen = computed(() => flat.value.filter((alert) => selected.value.has(alert.fingerprint)));

  // What is no longer shown can no longer be chosen.
  watch(order.rows, (rows) => {
    if (selected.value.size === 0) return;
    const shown = new Set(rows.map((alert) => alert.fingerprint));
    const kept = [...selected.value].filter((fingerprint) => shown.has(fingerprint));
    if (kept.length < selected.value.size) selected.value = new Set(kept);
  });

  let anchor = '';
  function select(fingerprint: string, range: boolean): void {
    const next = new Set(selected.value);
    const from = flat.value.findIndex((alert) => alert.fingerprint === anchor);
    const to = flat.value.findIndex((alert) => alert.fingerprint === fingerprint);
    if (range && from >= 0 && to >= 0) {
      for (const alert of flat.value.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(alert.fingerprint);
    } else if (!next.delete(fingerprint)) {
      next.add(fingerprint);
    }
    anchor = fingerprint;
    selected.value = next;
  }

  const clear = (): void => void (selected.value = new Set());

  function hover(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    leaving.stop();
    if (event.type === 'pointerenter') hovered.value = true;
    else leaving.start();
  }

  function move(step: number): boolean {
    const rows = flat.value;
    if (rows.length === 0) return false;
    const at = rows.findIndex((alert) => alert.fingerprint === current.value);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
    current.value = rows[next]?.fingerprint ?? '';
    keyboard.start();
    return true;
  }

  /** What an act is meant for: the selection, else the row that the keyboard is on. */
  function meant(): readonly AlertView[] {
    if (chosen.value.length > 0) return chosen.value;
    return flat.value.filter((alert) => alert.fingerprint === current.value);
  }

  function withMeant(act: (meantAlerts: readonly AlertView[]) => unknown): boolean {
    const wanted = meant();
    if (wanted.length === 0) return false;
    keyboard.start();
    act(wanted);
    return true;
  }

  useShortcuts([
    { keys: 'j', label: 'Next alert', group: 'Alerts', run: () => move(1) },
    { keys: 'k', label: 'Previous alert', group: 'Alerts', run: () => move(-1) },
    { keys: 'Enter', label: 'Open its war room', group: 'Alerts', run: open },
    { keys: 'x', label: 'Select', group: 'Alerts', run: () => current.value !== '' && select(current.value, false) },
    {
      keys: 'X',
      label: 'Select up to here',
      group: 'Alerts',
      run: () => current.value !== '' && select(current.value, true),
    },
    { keys: 'Mod+a', label: 'Select all that are shown', group: 'Alerts', run: selectAll },
    { keys: 'a', label: 'Acknowledge', group: 'Alerts', run: () => withMeant((wanted) => acts.acknowledge(wanted)) },
    { keys: 'A', label: 'Acknowledge with note and time', group: 'Alerts', run: () => withMeant(acts.askAcknowledge) },
    { keys: 'u', label: 'Give back', group: 'Alerts', run: () => withMeant((wanted) => acts.unacknowledge(wanted)) },
    { keys: 's', label: 'Silence', group: 'Alerts', run: () => withMeant(acts.askSilence) },
    { keys: 'i', label: 'Assign', group: 'Alerts', run: () => withMeant(acts.askAssign) },
    { keys: 'Escape', label: 'Select nothing', group: 'Alerts', run: () => selected.value.size > 0 && (clear(), true) },
  ]);

  function open(): boolean {
    const focus = document.activeElement;
    if (current.value === '' || (focus instanceof HTMLElement && focus.matches('a, button, select'))) return false;
    void router.push(`/alerts/${current.value}`);
    return true;
  }

  function selectAll(): boolean {
    if (document.activeElement?.matches('input, textarea') || flat.value.length === 0) return false;
    selected.value = new Set(flat.value.map((alert) => alert.fingerprint));
    return true;
  }

  return {
    order,
    groups,
    acts,
    selected,
    chosen,
    current,
    hover,
    select,
    clear,
  };
}
