import { mergeDeltas, type MetricsDelta, type Position } from '@opsroom/contracts';

/** Bytes that a frame takes, roughly: what matters is that the bound is of the right order. */
const weigh = (frame: MetricsDelta): number => {
  let entries = 0;
  for (const [, , changes] of frame.c) entries += changes.length + 4;
  for (const [, changes] of frame.r ?? []) entries += changes.length + 4;
  return 200 + 12 * entries + 200 * (frame.s?.length ?? 0);
};

/** The last frames of an epoch, bounded in number and bytes, for watchers that come back. */
export class FrameHistory {
  private frames: MetricsDelta[] = [];
  private bytes = 0;

  constructor(private readonly limits: { readonly frames: number; readonly bytes: number }) {}

  push(frame: MetricsDelta): void {
    this.frames.push(frame);
    this.bytes += weigh(frame);
    let drop = 0;
    while (
      drop < this.frames.length &&
      (this.frames.length - drop > this.limits.frames || this.bytes > this.limits.bytes)
    ) {
      this.bytes -= weigh(this.frames[drop]);
      drop++;
    }
    if (drop > 0) this.frames.splice(0, drop);
  }

  clear(): void {
    this.frames = [];
    this.bytes = 0;
  }

  /**
   * What a watcher at `position` has missed up to now, as one frame; 'nothing' when it has all of `current`, undefined when the
   * epoch is another or the history no longer reaches back so far.
   */
  since(position: Position, current: Position): MetricsDelta | 'nothing' | undefined {
    if (position.epoch !== current.epoch || position.offset > current.offset) return undefined;
    if (position.offset === current.offset) return 'nothing';
    const first = this.frames[0];
    if (!first || first.o > position.offset + 1) return undefined;
    return mergeDeltas(this.frames.slice(position.offset + 1 - first.o));
  }
}
