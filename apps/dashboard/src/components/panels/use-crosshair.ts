import { onScopeDispose, type Ref, ref, type ShallowRef } from 'vue';
import type { PanelModel } from '../../charts/panel-model.js';
import type { Span } from '../../composables/charts-axis.js';
import type { PanelGroup } from '../../composables/charts-group.js';

export interface Crosshair {
  /** The crosshair was put where it is on this panel. */
  readonly over: Ref<boolean>;
  onPointer(event: PointerEvent): void;
  onLeave(event: Event): void;
  onKey(event: KeyboardEvent): void;
}

/** Moves the crosshair of a group with the pointer, a finger (where it stays after it is lifted) and the keys. */
export function useCrosshair(
  area: Readonly<Ref<HTMLElement | null>>,
  group: PanelGroup,
  span: Readonly<ShallowRef<Span>>,
  model: () => PanelModel,
  stepMs: () => number,
): Crosshair {
  const over = ref(false);
  let next: number | null = null;
  let scheduled = 0;

  /** At most once per animation frame, however often the pointer reports. */
  const put = (timeMs: number): void => {
    next = timeMs;
    scheduled ||= requestAnimationFrame(() => {
      scheduled = 0;
      if (next === null) return;
      group.crosshairMs.value = next;
      over.value = true;
    });
  };
  const clear = (): void => {
    next = null;
    if (over.value) group.crosshairMs.value = null;
    over.value = false;
  };
  const elsewhere = (event: PointerEvent): void => {
    if (over.value && event.target instanceof Node && !area.value?.contains(event.target)) clear();
  };
  document.addEventListener('pointerdown', elsewhere);
  onScopeDispose(() => {
    document.removeEventListener('pointerdown', elsewhere);
    cancelAnimationFrame(scheduled);
    clear();
  });

  return {
    over,
    onPointer(event) {
      const box = area.value?.getBoundingClientRect();
      if (!box || box.width === 0) return;
      const { fromMs, toMs } = span.value;
      const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
      const timeMs = fromMs + share * (toMs - fromMs);
      // All panels show the same moment, one that this panel has values for.
      const snapped = model().snap(timeMs);
      put(snapped !== null && Math.abs(snapped - timeMs) <= 2 * stepMs() ? snapped : timeMs);
    },
    onLeave(event) {
      if (event instanceof PointerEvent && event.pointerType === 'touch') return;
      clear();
    },
    onKey(event) {
      const { fromMs, toMs } = span.value;
      const at = group.crosshairMs.value ?? toMs;
      const move = stepMs() * (event.shiftKey ? 10 : 1) * Math.max(1, Math.round((toMs - fromMs) / stepMs() / 400));
      const target = { ArrowLeft: at - move, ArrowRight: at + move, Home: fromMs, End: toMs }[event.key];
      if (target !== undefined) {
        event.preventDefault();
        const bounded = Math.min(Math.max(target, fromMs), toMs);
        const snapped = model().snap(bounded);
        // Snapping must not undo the move where columns are far apart.
        put(snapped !== null && Math.abs(snapped - bounded) < move ? snapped : bounded);
      } else if (event.key === 'Escape' && over.value) {
        event.preventDefault();
        event.stopPropagation();
        clear();
      }
    },
  };
}
