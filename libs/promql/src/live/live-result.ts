import { PromqlExecutionError, PromqlLimitError } from '../errors.js';
import { ABSENT, HISTOGRAM } from '../evaluate/block.js';
import { DUPLICATE_LABELS } from '../evaluate/duplicates.js';
import { withoutMetadata } from '../evaluate/metadata-labels.js';
import type { QueryOptions } from '../evaluate/options.js';
import type { Annotations } from '../evaluate/result.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { Labels } from '../model/labels.js';
import type { LiveVector } from './live-vector.js';

/**
 * What a live query gives at one time, as columns over the query's series. A series keeps its index for as long as `epoch`
 * stays the same. The columns are the query's own and valid until it is next evaluated.
 */
export interface LiveResult {
  readonly timeMs: number;
  /** A scalar is one series without labels that is always present. */
  readonly type: 'vector' | 'scalar';
  /** Grows when the series get new indexes, since too many were gone; everything is in `added` and `changed` then. */
  readonly epoch: number;
  /** By index, of all series that there have been; the columns are at least as long. */
  readonly labels: readonly Labels[];
  readonly values: Float64Array;
  /** 0: no sample, 1: a float, 2: a native histogram (in `histograms`, by the same index). */
  readonly present: Uint8Array;
  readonly histograms: readonly (FloatHistogram | undefined)[] | undefined;
  /** Indexes that did not exist at the last evaluation. */
  readonly added: readonly number[];
  /** Indexes whose sample differs from that of the last evaluation, those in `added` that have one among them. */
  readonly changed: readonly number[];
  /** Indexes that have a sample, in the order in which an instant query gives them (`sort` and `topk` have one). */
  order(): readonly number[];
  /** Of the operators' current results. */
  readonly annotations: Annotations;
}

/** In: the root's rows. Out: the result. Owns: the indexes of the series. */
export class ResultTable implements LiveResult {
  timeMs = NaN;
  epoch = 0;
  readonly labels: Labels[] = [];
  values = new Float64Array(0);
  present = new Uint8Array(0);
  histograms: (FloatHistogram | undefined)[] | undefined;
  added: number[] = [];
  changed: number[] = [];
  annotations: Annotations = { warnings: [], infos: [] };
  private indexByKey = new Map<string, number>();
  private rowIndex: readonly number[] = [];
  /** Several rows have one label set; only one of them may be present at a time. */
  private shared = false;
  private root: LiveVector | undefined;
  private incomplete = true;

  constructor(
    readonly type: 'vector' | 'scalar',
    private readonly options: QueryOptions,
  ) {}

  /** Takes what has changed; all of it after `restart`. */
  takeVector(timeMs: number, root: LiveVector): void {
    this.begin(timeMs);
    const whole = this.incomplete || root.reshaped;
    this.incomplete = true;
    this.root = root;
    if (whole) this.mapRows(root);
    if (whole || this.shared) this.takeAll(root);
    else
      for (let i = 0; i < root.changedCount; i++)
        this.take(this.rowIndex[root.changedRows[i]], root, root.changedRows[i]);
    this.incomplete = false;
    this.refuseTooMany();
  }

  takeScalar(timeMs: number, value: number): void {
    this.begin(timeMs);
    if (this.labels.length === 0) this.add(Labels.empty);
    if (this.present[0] === 1 && Object.is(this.values[0], value)) return;
    this.values[0] = value;
    this.present[0] = 1;
    this.changed.push(0);
  }

  /** The rows of the next evaluation have nothing to do with those of the last one. */
  restart(): void {
    this.incomplete = true;
  }

  order(): readonly number[] {
    const { root } = this;
    if (root === undefined) return [0];
    return this.rowIndex.filter((_, row) => root.present[row] !== ABSENT);
  }

  private begin(timeMs: number): void {
    this.timeMs = timeMs;
    this.added = [];
    this.changed = [];
  }

  private mapRows(root: LiveVector): void {
    this.compact(root.rows);
    const delayed = this.options.delayedNameRemoval;
    const seen = new Set<number>();
    this.rowIndex = root.labels.map((labels, row) => {
      const shown = delayed && root.dropName[row] === 1 ? withoutMetadata(labels) : labels;
      const index = this.indexByKey.get(shown.key) ?? this.add(shown);
      seen.add(index);
      return index;
    });
    this.shared = seen.size < root.rows;
  }

  /** Gives new indexes when most of the old ones are of series that are gone. */
  private compact(rows: number): void {
    if (this.labels.length <= 2 * rows + 64) return;
    this.epoch++;
    this.labels.length = 0;
    this.indexByKey = new Map();
    this.present.fill(ABSENT);
    this.histograms = undefined;
  }

  private add(labels: Labels): number {
    const index = this.labels.length;
    this.labels.push(labels);
    this.indexByKey.set(labels.key, index);
    this.added.push(index);
    if (index < this.present.length) return index;
    const size = Math.max(16, index * 2);
    const values = new Float64Array(size);
    values.set(this.values);
    this.values = values;
    const present = new Uint8Array(size);
    present.set(this.present);
    this.present = present;
    return index;
  }

  private takeAll(root: LiveVector): void {
    const source = new Int32Array(this.labels.length).fill(-1);
    for (let row = 0; row < root.rows; row++) {
      if (root.present[row] === ABSENT) continue;
      const index = this.rowIndex[row];
      if (source[index] >= 0) throw new PromqlExecutionError(DUPLICATE_LABELS);
      source[index] = row;
    }
    for (let index = 0; index < source.length; index++) this.take(index, root, source[index]);
  }

  /** `row` is -1 where the series has no sample. */
  private take(index: number, root: LiveVector, row: number): void {
    const kind = row < 0 ? ABSENT : root.present[row];
    const value = kind === ABSENT ? 0 : root.values[row];
    const histogram = kind === HISTOGRAM ? root.histograms?.[row] : undefined;
    const same =
      kind === this.present[index] &&
      (kind === ABSENT ||
        (kind === HISTOGRAM ? histogram === this.histograms?.[index] : Object.is(value, this.values[index])));
    if (same) return;
    this.present[index] = kind;
    this.values[index] = value;
    if (histogram !== undefined) (this.histograms ??= [])[index] = histogram;
    else if (this.histograms !== undefined) this.histograms[index] = undefined;
    this.changed.push(index);
  }

  private refuseTooMany(): void {
    const { maxSeries } = this.options.limits;
    if (this.labels.length <= maxSeries) return;
    let series = 0;
    for (let index = 0; index < this.labels.length; index++) if (this.present[index] !== ABSENT) series++;
    if (series <= maxSeries) return;
    throw new PromqlLimitError('series', `the query returns ${series} series; the limit is ${maxSeries}`);
  }
}
