import { useDocumentVisibility } from '@vueuse/core';
import {
  computed,
  inject,
  type InjectionKey,
  onScopeDispose,
  provide,
  ref,
  type Ref,
  shallowRef,
  type ShallowRef,
  watch,
} from 'vue';
import { SharedAxis } from './charts-axis.js';
import { server } from '../sockets/server.js';

/** How far back panels reach, and the distance of their points that fits it. */
export interface TimeRange {
  readonly label: string;
  readonly windowMs: number;
  readonly stepMs: number;
}

export const TIME_RANGES: readonly TimeRange[] = [
  { label: '5m', windowMs: 5 * 60_000, stepMs: 1000 },
  { label: '15m', windowMs: 15 * 60_000, stepMs: 1000 },
  { label: '1h', windowMs: 60 * 60_000, stepMs: 5000 },
  { label: '6h', windowMs: 360 * 60_000, stepMs: 15_000 },
];

export const DEFAULT_RANGE: TimeRange = TIME_RANGES[1];

/** The range of a label as it stands in a URL; the default for anything else. */
export const rangeOf = (label: unknown): TimeRange =>
  TIME_RANGES.find((range) => range.label === label) ?? DEFAULT_RANGE;

/** What all panels of a page share: the time axis, the crosshair, and whether they are paused. */
export interface PanelGroup {
  readonly axis: SharedAxis;
  readonly windowMs: Readonly<Ref<number>>;
  readonly stepMs: Readonly<Ref<number>>;
  readonly paused: Readonly<Ref<boolean>>;
  togglePause(): void;
  /** While paused: how far the picture is behind, in ms. */
  readonly behindMs: Readonly<Ref<number>>;
  /** Time under the pointer, on whichever panel it is; null: nowhere. */
  readonly crosshairMs: ShallowRef<number | null>;
  /** False in a hidden tab. */
  readonly visible: Readonly<Ref<boolean>>;
  /** Panels say so whenever data have come. */
  dataArrived(): void;
}

const KEY: InjectionKey<PanelGroup> = Symbol('panel group');

const TICK_MS = 200;

/** Makes the group of a page's panels and provides it to them. */
export function providePanelGroup(range: Readonly<Ref<Pick<TimeRange, 'windowMs' | 'stepMs'>>>): PanelGroup {
  const group = makeGroup(range);
  provide(KEY, group);
  return group;
}

/** The group that the page has provided; a panel that stands alone has one of its own. */
export function usePanelGroup(range: Readonly<Ref<Pick<TimeRange, 'windowMs' | 'stepMs'>>>): PanelGroup {
  return inject(KEY, () => makeGroup(range), true);
}

function makeGroup(range: Readonly<Ref<Pick<TimeRange, 'windowMs' | 'stepMs'>>>): PanelGroup {
  const client = server();
  const axis = new SharedAxis(range.value.windowMs);
  const paused = ref(false);
  const behindMs = ref(0);
  const visibility = useDocumentVisibility();
  const visible = computed(() => visibility.value !== 'hidden');
  const advance = (data: boolean): void => {
    axis.advance(client.serverNowMs(), data);
    if (paused.value) behindMs.value = Math.max(0, axis.liveEndMs - axis.span.toMs);
  };
  advance(false);
  const timer = setInterval(() => visible.value && advance(false), TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  watch(range, ({ windowMs }) => axis.setWindow(windowMs, client.serverNowMs()));
  watch(paused, (now) => {
    behindMs.value = 0;
    if (now) axis.freeze();
    else axis.thaw();
  });
  return {
    axis,
    windowMs: computed(() => range.value.windowMs),
    stepMs: computed(() => range.value.stepMs),
    paused,
    togglePause: () => (paused.value = !paused.value),
    behindMs,
    crosshairMs: shallowRef(null),
    visible,
    dataArrived: () => advance(true),
  };
}
