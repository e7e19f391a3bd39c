import { isAbsent, type LabelSet } from '@opsroom/contracts';
import { assignSlots } from './colours.js';
import { type ColumnView, EMPTY_VIEW, freezeView, nearestColumn } from './columns.js';
import type { SeriesStyle } from './scene.js';
import { fillTemplate, printLabels, shortNames } from './series-name.js';

/** What a panel needs of a topic's buffer. */
export interface PanelSource {
  readonly series: readonly LabelSet[];
  readonly times: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly from: number;
  readonly to: number;
  readonly revision: number;
}

/** One series of a panel, as its legend lists it. */
export interface PanelRow {
  /** Stable for as long as the panel shows the series. */
  readonly key: string;
  readonly layer: number;
  readonly series: number;
  readonly labels: LabelSet;
  readonly name: string;
  /** Place in the palette, 0 to 11. */
  readonly slot: number;
}

export interface PanelQuery {
  readonly expr: string;
  /** `{{label}}` stands for a label's value; without a template a series is named by what tells it from the others. */
  readonly legend?: string | undefined;
}

const collator = new Intl.Collator(undefined, { numeric: true });

const viewOf = ({ times, columns, from, to }: PanelSource): ColumnView => ({
  times,
  values: columns,
  start: from,
  end: to,
});

/**
 * The series of a panel over the buffers of its topics: names, colours, which are shown, their values at a time, and a copy
 * of all of it while the panel is paused. One layer for each query.
 */
export class PanelModel {
  private sources: readonly (PanelSource | null)[] = [];
  private frozen: readonly ColumnView[] | null = null;
  private slots = new Map<string, number>();
  /** Sorted by name, so that a legend does not jump when values change. */
  rows: readonly PanelRow[] = [];
  /** Keys of the rows that are shown alone; empty: all are. */
  private isolated = new Set<string>();
  private pointed: string | null = null;

  constructor(private readonly queries: readonly PanelQuery[]) {}

  /** Takes the buffers and lists their series. Series of layers without a buffer are none. */
  setSources(sources: readonly (PanelSource | null)[]): void {
    this.sources = sources;
    const found = sources.flatMap((source, layer) =>
      (source?.series ?? []).map((labels, series) => ({
        key: `${layer} ${printLabels(labels)}`,
        layer,
        series,
        labels,
      })),
    );
    const names = this.names(found);
    const slots = this.colour(found);
    this.rows = found
      .map((row, i): PanelRow => ({ ...row, name: names[i], slot: slots[i] }))
      .sort((a, b) => a.layer - b.layer || collator.compare(a.name, b.name));
    const keys = new Set(this.rows.map(({ key }) => key));
    this.isolated = new Set([...this.isolated].filter((key) => keys.has(key)));
  }

  /** What layer `index` shows: its buffer as it is now, or as it was when the panel was paused. */
  view(index: number): ColumnView {
    const frozen = this.frozen?.[index];
    if (frozen) return frozen;
    const source = this.sources[index];
    return source ? viewOf(source) : EMPTY_VIEW;
  }

  freeze(): void {
    this.frozen = this.sources.map((source) => (source ? freezeView(viewOf(source)) : EMPTY_VIEW));
  }

  thaw(): void {
    this.frozen = null;
  }

  get isFrozen(): boolean {
    return this.frozen !== null;
  }

  /** Shows a series alone; shows all again when it already was. With `add` it joins or leaves those that are shown. */
  isolate(key: string, add: boolean): void {
    const alone = this.isolated.size === 1 && this.isolated.has(key);
    if (add && this.isolated.has(key)) this.isolated.delete(key);
    else if (add) this.isolated.add(key);
    else this.isolated = alone ? new Set() : new Set([key]);
    if (this.isolated.size === this.rows.length) this.isolated = new Set();
  }

  /** Shows the series alone that carry no label other than these have; all where there are none or no others. */
  isolateOwn(labels: LabelSet): void {
    const own = this.rows.filter((row) =>
      Object.entries(row.labels).every(([name, value]) => name === '__name__' || labels[name] === value),
    );
    this.isolated = new Set(own.length === this.rows.length ? [] : own.map(({ key }) => key));
  }

  /** Lets one series stand out; null: none. */
  point(key: string | null): void {
    this.pointed = key;
  }

  isShown(key: string): boolean {
    return this.isolated.size === 0 || this.isolated.has(key);
  }

  /** How each layer's series are to be drawn. */
  styles(): SeriesStyle[][] {
    const styles = this.sources.map((): SeriesStyle[] => []);
    for (const { key, layer, series, slot } of this.rows) {
      const faint = this.pointed !== null && this.pointed !== key && this.isShown(this.pointed);
      styles[layer][series] = { slot, visible: this.isShown(key), faint };
    }
    return styles;
  }

  /**
   * The rows' values at a time, in their order; at the newest column without a time. Absent is null, and so is all that is
   * further than `withinMs` from the time asked for.
   */
  valuesAt(timeMs: number | null, withinMs = Infinity): (number | null)[] {
    const views = this.sources.map((_, layer) => this.view(layer));
    const columns = views.map((view) => (timeMs === null ? view.end - 1 : nearestColumn(view, timeMs)));
    return this.rows.map(({ layer, series }) => {
      const view = views[layer];
      const column = columns[layer];
      const values = view.values[series];
      if (values === undefined || column < view.start || isAbsent(values, column)) return null;
      if (timeMs !== null && Math.abs(view.times[column] - timeMs) > withinMs) return null;
      return values[column];
    });
  }

  /** Time of the column nearest to `timeMs` in any layer; null without columns. */
  snap(timeMs: number): number | null {
    let best: number | null = null;
    this.sources.forEach((_, layer) => {
      const view = this.view(layer);
      const column = nearestColumn(view, timeMs);
      if (column < 0) return;
      const time = view.times[column];
      if (best === null || Math.abs(time - timeMs) < Math.abs(best - timeMs)) best = time;
    });
    return best;
  }

  private names(found: readonly { layer: number; labels: LabelSet }[]): string[] {
    const plain = found.filter(({ layer }) => this.queries[layer]?.legend === undefined);
    const short = shortNames(
      plain.map(({ labels }) => labels),
      '',
    );
    let next = 0;
    return found.map(({ layer, labels }) => {
      const query = this.queries[layer];
      const name = query?.legend === undefined ? short[next++] : fillTemplate(query.legend, labels);
      return name || query?.expr || printLabels(labels);
    });
  }

  /** Series of other queries with the same labels (in and out of one device) take different places. */
  private colour(found: readonly { key: string; layer: number; labels: LabelSet }[]): number[] {
    const known = found.filter(({ key }) => this.slots.has(key));
    const fresh = found.filter(({ key }) => !this.slots.has(key));
    const ordered = [...known, ...fresh];
    const legendOf = (layer: number): string | undefined =>
      this.queries.length > 1 ? this.queries[layer]?.legend : undefined;
    const labelled = ordered.map(({ labels, layer }): LabelSet => {
      const legend = legendOf(layer);
      return legend === undefined ? labels : { ...labels, ' legend': legend };
    });
    const slots = assignSlots(
      labelled,
      known.map(({ key }) => this.slots.get(key) ?? 0),
    );
    this.slots = new Map(ordered.map(({ key }, i) => [key, slots[i]]));
    return found.map(({ key }) => this.slots.get(key) ?? 0);
  }
}
