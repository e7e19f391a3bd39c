import type { Health, TopicState } from '@opsroom/client';
import type { LabelSet } from '@opsroom/contracts';
import { computed, type ComputedRef, ref, type Ref, shallowRef, type ShallowRef, watch } from 'vue';
import { PanelModel, type PanelQuery, type PanelRow } from '../../charts/panel-model.js';
import type { PanelPlot } from '../../charts/panel-plot.js';
import type { PanelGroup } from '../../composables/charts-group.js';
import { sameSeries, type TopicClient, useTopics } from '../../composables/charts-topics.js';
import { useConnection } from '../../stores/connection.js';

export interface PanelOptions {
  readonly queries: Readonly<Ref<readonly PanelQuery[]>>;
  readonly step: Readonly<Ref<number>>;
  readonly window: Readonly<Ref<number>>;
  /** Somebody can see it. */
  readonly active: Readonly<Ref<boolean>>;
  readonly group: PanelGroup;
  /** The plot, once it is there; it must be read reactively. */
  readonly plot: () => PanelPlot | null;
  /** Labels whose series stand alone at first, such as those of an alert: a series of them has no label that differs. */
  readonly focus?: Readonly<Ref<LabelSet | undefined>>;
  /** Shows the rows' values. */
  readonly paint: (values: readonly (number | null)[]) => void;
  readonly client?: TopicClient;
}

export interface Panel {
  readonly model: ShallowRef<PanelModel>;
  readonly rows: ShallowRef<readonly PanelRow[]>;
  /** Keys of the rows that are drawn. */
  readonly shown: ShallowRef<ReadonlySet<string>>;
  readonly states: ShallowRef<readonly (TopicState | null)[]>;
  /** Time of the newest sample in any of its topics; 0 without. */
  readonly newestMs: Ref<number>;
  /** Grows with every frame. */
  readonly beat: Ref<number>;
  readonly health: ComputedRef<Health | null>;
  isolate(key: string, add: boolean): void;
  point(key: string | null): void;
}

/** The worst of its topics says how far a panel can be trusted. */
const WORST_FIRST: readonly Health[] = [
  'refused',
  'closed',
  'resyncing',
  'stale',
  'lagging',
  'connecting',
  'paused',
  'live',
];

/** Points per series that a panel asks for at most. */
const MAX_POINTS = 2000;

/** Watches the topics of a panel and keeps its model, its plot and its legend in line with them and with the group's pause. */
export function usePanel(options: PanelOptions): Panel {
  const { queries, step, window, active, group, plot } = options;
  const connection = useConnection();
  const model = shallowRef(new PanelModel(queries.value));
  const rows = shallowRef<readonly PanelRow[]>([]);
  const shown = shallowRef<ReadonlySet<string>>(new Set());
  const newestMs = ref(0);
  const beat = ref(0);
  const listed: (readonly LabelSet[])[] = [];
  let buffers: (TopicState['buffer'] | null)[] = [];
  /** The model whose first rows have been narrowed down; what somebody chooses afterwards stays. */
  let focused: PanelModel | null = null;

  const restyle = (): void => {
    shown.value = new Set(rows.value.filter(({ key }) => model.value.isShown(key)).map(({ key }) => key));
    plot()?.restyle();
  };
  /** Lists the series anew. While paused it waits: what is shown has the old ones. */
  const list = (): void => {
    if (model.value.isFrozen) return;
    model.value.setSources(buffers);
    rows.value = model.value.rows;
    if (options.focus?.value && rows.value.length > 0 && focused !== model.value) {
      focused = model.value;
      model.value.isolateOwn(options.focus.value);
    }
    restyle();
  };
  const sync = (index: number): void => {
    const buffer = buffers[index];
    if (buffer) plot()?.sync(index, buffer, group.axis.span.fromMs - 5 * step.value);
  };
  const syncAll = (): void => buffers.forEach((_, index) => sync(index));
  const paint = (): void => options.paint(model.value.valuesAt(group.crosshairMs.value, 2 * step.value));

  const take = (index: number, { buffer }: TopicState): void => {
    connection.heard(undefined, buffer.newestMs);
    newestMs.value = Math.max(newestMs.value, buffer.newestMs);
    const known = buffers[index] === buffer && sameSeries(listed[index] ?? [], buffer.series);
    buffers[index] = buffer;
    if (!known) {
      listed[index] = [...buffer.series];
      list();
    }
    sync(index);
    if (group.crosshairMs.value === null) paint();
    beat.value++;
    group.dataArrived();
  };
  const reset = (): void => {
    buffers = queries.value.map(() => null);
    listed.length = 0;
    newestMs.value = 0;
  };
  reset();
  const specs = computed(() =>
    queries.value.map(({ expr }) => ({ expr, stepMs: step.value, windowMs: window.value, maxPoints: MAX_POINTS })),
  );
  // Before useTopics, whose watcher opens the new topics: the buffers of the old ones must be gone by then.
  watch(
    () => JSON.stringify([queries.value, step.value, window.value]),
    () => {
      reset();
      model.value = new PanelModel(queries.value);
      if (group.paused.value) model.value.freeze();
      list();
    },
  );
  const { states } = useTopics(specs, active, take, options.client);

  watch(plot, (opened) => {
    if (opened) syncAll();
  });
  watch(rows, () => paint(), { flush: 'post' });
  watch(group.crosshairMs, paint);
  watch(group.paused, (paused) => {
    if (paused) {
      model.value.freeze();
      return;
    }
    model.value.thaw();
    plot()?.forget();
    list();
    syncAll();
    paint();
  });

  return {
    model,
    rows,
    shown,
    states,
    newestMs,
    beat,
    health: computed(() => WORST_FIRST.find((each) => states.value.some((state) => state?.health === each)) ?? null),
    isolate(key, add) {
      model.value.isolate(key, add);
      restyle();
    },
    point(key) {
      model.value.point(key);
      plot()?.restyle();
    },
  };
}
