import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';

/** What a cell of a block holds. */
export const ABSENT = 0;
export const FLOAT = 1;
export const HISTOGRAM = 2;

/**
 * An instant vector over all steps of a query, or a part of its series: one row of `steps` cells for every series, rows one
 * after the other. Cell (row, step) is at `row * steps + step`. Every operator takes and gives whole blocks; the values of
 * 10,000 series at one step are one array just as those of one series at 10,000 steps.
 */
export class Block {
  readonly labels: Labels[] = [];
  /** Rows whose metric name is to be removed at the end of the query (delayed name removal). */
  readonly dropName: boolean[] = [];
  values: Float64Array;
  present: Uint8Array;
  /** By cell; made with the first histogram. */
  histograms: (FloatHistogram | undefined)[] | undefined;
  /** Somebody else holds it too: copy it before writing. */
  frozen = false;

  constructor(
    readonly steps: number,
    capacityRows: number,
  ) {
    this.values = new Float64Array(capacityRows * steps);
    this.present = new Uint8Array(capacityRows * steps);
  }

  get rows(): number {
    return this.labels.length;
  }

  get cells(): number {
    return this.labels.length * this.steps;
  }

  /** Makes room for one more row and returns its first cell; the row counts once `commit` is called. */
  reserve(): number {
    const cell = this.cells;
    if (cell + this.steps > this.present.length) this.grow(cell + this.steps);
    return cell;
  }

  /** Adds the reserved row. */
  commit(labels: Labels, dropName: boolean): void {
    this.labels.push(labels);
    this.dropName.push(dropName);
  }

  setHistogram(cell: number, histogram: FloatHistogram): void {
    this.histograms ??= [];
    this.histograms[cell] = histogram;
    this.values[cell] = NaN;
    this.present[cell] = HISTOGRAM;
  }

  /** Copies one row of another block with the same number of steps to the end of this one. */
  append(from: Block, row: number, labels: Labels, dropName: boolean): void {
    const source = row * from.steps;
    const target = this.reserve();
    this.values.set(from.values.subarray(source, source + this.steps), target);
    this.present.set(from.present.subarray(source, source + this.steps), target);
    copyHistograms(from, source, this, target, this.steps);
    this.commit(labels, dropName);
  }

  appendAll(from: Block): void {
    const target = this.cells;
    const cells = from.cells;
    if (target + cells > this.present.length) this.grow(target + cells);
    this.values.set(from.values.subarray(0, cells), target);
    this.present.set(from.present.subarray(0, cells), target);
    copyHistograms(from, 0, this, target, cells);
    for (let row = 0; row < from.rows; row++) this.commit(from.labels[row], from.dropName[row]);
  }

  /** This block, or a copy of it if it is held elsewhere. */
  writable(): Block {
    if (!this.frozen) return this;
    const copy = new Block(this.steps, 0);
    copy.values = this.values.slice(0, this.cells);
    copy.present = this.present.slice(0, this.cells);
    copy.histograms = this.histograms === undefined ? undefined : [...this.histograms];
    copy.labels.push(...this.labels);
    copy.dropName.push(...this.dropName);
    return copy;
  }

  /** The cell's histogram, or undefined where it is a float or absent. */
  histogramAt(cell: number): FloatHistogram | undefined {
    return this.present[cell] === HISTOGRAM ? this.histograms?.[cell] : undefined;
  }

  /** The histogram of a cell that is known to hold one. */
  requireHistogram(cell: number): FloatHistogram {
    const histogram = this.histogramAt(cell);
    if (histogram === undefined) throw new TypeError(`cell ${cell} holds no histogram`);
    return histogram;
  }

  private grow(cells: number): void {
    const size = Math.max(cells, this.present.length * 2, this.steps * 4);
    const values = new Float64Array(size);
    values.set(this.values);
    this.values = values;
    const present = new Uint8Array(size);
    present.set(this.present);
    this.present = present;
  }
}

export function copyHistograms(from: Block, source: number, to: Block, target: number, cells: number): void {
  if (from.histograms === undefined) return;
  for (let i = 0; i < cells; i++) {
    const histogram = from.histogramAt(source + i);
    if (histogram !== undefined) to.setHistogram(target + i, histogram);
  }
}

/** Rows that make a block of a few tens of thousands of cells: few enough to stay in cache, enough to be worth a call. */
export function blockRows(steps: number): number {
  return Math.max(1, Math.floor(32_768 / steps));
}
