import { mergeDeltas, type MetricsDelta, type Position } from '@opsroom/contracts';

export interface HistoryLimits {
  readonly frames: number;
  readonly bytes: number;
  /** Frames that are older than this are as long as a snapshot, and say no more. */
  readonly windowMs: number;
}

/**
 * The last frames of an epoch for watchers that come back, bounded in number, bytes and time. They are kept as the wire's text: a
 * fifth of what the objects take, and nothing for the garbage collector to go through, for what is rarely asked for.
 */
export class FrameHistory {
  private texts: string[] = [];
  private evaluatedMs: number[] = [];
  private bytes = 0;
  /** Offset of the newest. */
  private lastOffset = 0;

  constructor(private readonly limits: HistoryLimits) {}

  /** Each frame continues from the one before it. */
  push(frame: MetricsDelta): void {
    const text = JSON.stringify(frame);
    this.texts.push(text);
    this.evaluatedMs.push(frame.v);
    this.bytes += text.length;
    this.lastOffset = frame.o;
    const { frames, bytes, windowMs } = this.limits;
    let drop = 0;
    while (
      drop < this.texts.length &&
      (this.texts.length - drop > frames || this.bytes > bytes || this.evaluatedMs[drop] < frame.v - windowMs)
    ) {
      this.bytes -= this.texts[drop].length;
      drop++;
    }
    if (drop === 0) return;
    this.texts.splice(0, drop);
    this.evaluatedMs.splice(0, drop);
  }

  clear(): void {
    this.texts = [];
    this.evaluatedMs = [];
    this.bytes = 0;
  }

  /**
   * What a watcher at `position` has missed up to now, as one frame; 'nothing' when it has all of `current`, undefined when the
   * epoch is another or the history no longer reaches back so far.
   */
  since(position: Position, current: Position): MetricsDelta | 'nothing' | undefined {
    if (position.epoch !== current.epoch || position.offset > current.offset) return undefined;
    if (position.offset === current.offset) return 'nothing';
    const missed = current.offset - position.offset;
    if (missed > this.texts.length || this.lastOffset !== current.offset) return undefined;
    return mergeDeltas(this.texts.slice(-missed).map((text) => JSON.parse(text) as MetricsDelta));
  }
}
