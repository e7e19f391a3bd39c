import { ABSENT, Block, FLOAT, HISTOGRAM } from '../evaluate/block.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';

/**
 * An operator's result at one time, kept from one evaluation to the next: a row for each series that may have a sample, with
 * what has changed since. Rows that are present stand in the order in which the batch evaluator gives them, so that whoever
 * adds them up adds in the same order.
 */
export class LiveVector {
  labels: readonly Labels[] = [];
  /** The metric name of the row is to be removed at the end of the query (delayed name removal). */
  dropName: Uint8Array = new Uint8Array(0);
  values = new Float64Array(0);
  /** ABSENT, FLOAT or HISTOGRAM by row. */
  present = new Uint8Array(0);
  histograms: (FloatHistogram | undefined)[] | undefined;
  /** The rows were made anew in this evaluation: nothing of the last one holds. */
  reshaped = false;
  /** Some row came or went in this evaluation. */
  presenceChanged = false;
  /** Rows whose sample differs from that of the last evaluation: the first `changedCount` entries, each once. */
  changedRows = new Int32Array(0);
  changedCount = 0;
  private marked = new Uint8Array(0);

  get rows(): number {
    return this.labels.length;
  }

  get changed(): boolean {
    return this.reshaped || this.changedCount > 0;
  }

  /** Begins an evaluation: nothing has changed yet. */
  begin(): void {
    for (let i = 0; i < this.changedCount; i++) this.marked[this.changedRows[i]] = 0;
    this.changedCount = 0;
    this.reshaped = false;
    this.presenceChanged = false;
  }

  /** Makes all rows anew, absent. */
  reshape(labels: readonly Labels[], dropName?: Uint8Array): void {
    const rows = labels.length;
    this.labels = labels;
    this.dropName = dropName ?? new Uint8Array(rows);
    this.values = new Float64Array(rows);
    this.present = new Uint8Array(rows);
    this.marked = new Uint8Array(rows);
    this.changedRows = new Int32Array(rows);
    this.changedCount = 0;
    this.histograms = undefined;
    this.reshaped = true;
    this.presenceChanged = true;
  }

  setFloat(row: number, value: number): void {
    if (this.present[row] === FLOAT) {
      const old = this.values[row];
      // The same bits, or both no number; 0 and -0 are two values.
      if (value === old ? value !== 0 || 1 / value === 1 / old : value !== value && old !== old) return;
    } else {
      if (this.present[row] === ABSENT) this.presenceChanged = true;
      else this.clearHistogram(row);
      this.present[row] = FLOAT;
    }
    this.values[row] = value;
    this.mark(row);
  }

  setAbsent(row: number): void {
    if (this.present[row] === ABSENT) return;
    if (this.present[row] === HISTOGRAM) this.clearHistogram(row);
    this.present[row] = ABSENT;
    this.presenceChanged = true;
    this.mark(row);
  }

  setHistogram(row: number, histogram: FloatHistogram): void {
    if (this.present[row] === ABSENT) this.presenceChanged = true;
    this.present[row] = HISTOGRAM;
    this.values[row] = NaN;
    this.histograms ??= [];
    this.histograms[row] = histogram;
    this.mark(row);
  }

  /** Takes one row of another vector as it is. */
  copyRow(row: number, from: LiveVector, source: number): void {
    const kind = from.present[source];
    if (kind === FLOAT) this.setFloat(row, from.values[source]);
    else if (kind === HISTOGRAM) this.setHistogram(row, from.histograms?.[source] as FloatHistogram);
    else this.setAbsent(row);
  }

  /** True if any row holds a histogram. */
  get hasHistograms(): boolean {
    return this.histograms !== undefined;
  }

  /** The rows that are present as a block of one step, for operators that have no incremental form. */
  toBlock(): Block {
    const block = new Block(1, this.rows);
    for (let row = 0; row < this.rows; row++) {
      const kind = this.present[row];
      if (kind === ABSENT) continue;
      const cell = block.reserve();
      if (kind === FLOAT) {
        block.values[cell] = this.values[row];
        block.present[cell] = FLOAT;
      } else {
        block.setHistogram(cell, this.histograms?.[row] as FloatHistogram);
      }
      block.commit(this.labels[row], this.dropName[row] === 1);
    }
    return block;
  }

  /**
   * Takes a block of one step. Rows stay where the block has the same series in the same order, maybe with some left out;
   * otherwise they are made anew.
   */
  takeBlock(block: Block | undefined): void {
    const count = block?.rows ?? 0;
    if (!this.fits(block, count))
      this.reshape(block?.labels.slice() ?? [], Uint8Array.from(block?.dropName ?? [], Number));
    let row = 0;
    for (let i = 0; block !== undefined && i < count; i++, row++) {
      while (!sameSeries(this, row, block, i)) this.setAbsent(row++);
      if (block.present[i] === FLOAT) this.setFloat(row, block.values[i]);
      else if (block.present[i] === HISTOGRAM) this.setHistogram(row, block.histogramAt(i) as FloatHistogram);
      else this.setAbsent(row);
    }
    for (; row < this.rows; row++) this.setAbsent(row);
  }

  private fits(block: Block | undefined, count: number): boolean {
    let row = 0;
    for (let i = 0; block !== undefined && i < count; i++, row++) {
      while (row < this.rows && !sameSeries(this, row, block, i)) row++;
      if (row >= this.rows) return false;
    }
    // Rows that are gone for good should not pile up.
    return this.rows <= 2 * count + 16;
  }

  private clearHistogram(row: number): void {
    if (this.histograms !== undefined) this.histograms[row] = undefined;
  }

  private mark(row: number): void {
    if (this.marked[row] === 1) return;
    this.marked[row] = 1;
    this.changedRows[this.changedCount++] = row;
  }
}

function sameSeries(vector: LiveVector, row: number, block: Block, i: number): boolean {
  if (vector.dropName[row] !== Number(block.dropName[i])) return false;
  const mine = vector.labels[row];
  const other = block.labels[i];
  return mine === other || mine.key === other.key;
}
