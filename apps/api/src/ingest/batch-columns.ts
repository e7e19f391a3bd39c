import { copySample, writeStale } from '@opsroom/promql';

/** Samples on their way into the store, in columns that are used again for every batch. */
export class BatchColumns {
  refs = new Uint32Array(1024);
  timestamps = new Float64Array(1024);
  values = new Float64Array(1024);
  count = 0;

  clear(capacity: number): void {
    this.count = 0;
    this.grow(capacity);
  }

  add(ref: number, timestampMs: number, values: Float64Array, index: number): void {
    this.grow(this.count + 1);
    this.refs[this.count] = ref;
    this.timestamps[this.count] = timestampMs;
    copySample(values, index, this.values, this.count);
    this.count++;
  }

  addStale(ref: number, timestampMs: number): void {
    this.grow(this.count + 1);
    this.refs[this.count] = ref;
    this.timestamps[this.count] = timestampMs;
    writeStale(this.values, this.count);
    this.count++;
  }

  private grow(capacity: number): void {
    if (capacity <= this.refs.length) return;
    const refs = new Uint32Array(capacity * 2);
    const timestamps = new Float64Array(capacity * 2);
    const values = new Float64Array(capacity * 2);
    refs.set(this.refs.subarray(0, this.count));
    timestamps.set(this.timestamps.subarray(0, this.count));
    values.set(this.values.subarray(0, this.count));
    this.refs = refs;
    this.timestamps = timestamps;
    this.values = values;
  }
}
