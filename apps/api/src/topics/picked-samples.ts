import type { TopicCommit } from './evaluator.js';

/** What one topic reads of a commit; the columns are used again for the next one. */
export class PickedSamples implements TopicCommit {
  refs = new Uint32Array(16);
  timestamps = new Float64Array(16);
  values = new Float64Array(16);
  count = 0;
  created: number[] = [];
  deleted = false;
  minMs = Infinity;
  maxMs = -Infinity;

  push(ref: number, timestampMs: number, value: number): void {
    if (this.count === this.refs.length) this.grow();
    this.refs[this.count] = ref;
    this.timestamps[this.count] = timestampMs;
    this.values[this.count] = value;
    this.count++;
    if (timestampMs < this.minMs) this.minMs = timestampMs;
    if (timestampMs > this.maxMs) this.maxMs = timestampMs;
  }

  clear(): void {
    this.count = 0;
    this.created = [];
    this.deleted = false;
    this.minMs = Infinity;
    this.maxMs = -Infinity;
  }

  private grow(): void {
    const length = this.refs.length * 2;
    const { refs, timestamps, values } = this;
    this.refs = new Uint32Array(length);
    this.refs.set(refs);
    this.timestamps = new Float64Array(length);
    this.timestamps.set(timestamps);
    this.values = new Float64Array(length);
    this.values.set(values);
  }
}
