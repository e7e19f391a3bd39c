import { type FrameClock, FrameQueue } from './frame-queue.js';

/** Frames that come when they are told to; drawing takes as long as `costMs` says. */
class ManualFrames implements FrameClock {
  private time = 0;
  private pending: (() => void)[] = [];
  requested = 0;
  requestFrame(callback: () => void): void {
    this.requested++;
    this.pending.push(callback);
  }
  now(): number {
    return this.time;
  }
  spend(ms: number): void {
    this.time += ms;
  }
  frame(): void {
    const pending = this.pending;
    this.pending = [];
    for (const callback of pending) callback();
  }
}

function queue(costMs: number): { frames: ManualFrames; drawn: string[]; marks: FrameQueue<string> } {
  const frames = new ManualFrames();
  const drawn: string[] = [];
  const marks = new FrameQueue<string>(frames, (item) => {
    drawn.push(item);
    frames.spend(costMs);
  });
  return { frames, drawn, marks };
}

describe('FrameQueue', () => {
  it('draws nothing before the frame and everything once in it', () => {
    const { frames, drawn, marks } = queue(0);
    for (const item of ['a', 'b', 'a']) marks.mark(item);
    expect(drawn).toEqual([]);
    frames.frame();
    expect(drawn).toEqual(['a', 'b']);
  });

  it('stops after eight milliseconds and goes on in the next frame', () => {
    const { frames, drawn, marks } = queue(3);
    for (const item of ['a', 'b', 'c', 'd', 'e']) marks.mark(item);
    frames.frame();
    expect(drawn).toEqual(['a', 'b', 'c']);
    frames.frame();
    expect(drawn).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('starves nobody: who was drawn waits behind those who were not', () => {
    const { frames, drawn, marks } = queue(5);
    for (const item of ['a', 'b', 'c']) marks.mark(item);
    frames.frame();
    marks.mark('a');
    frames.frame();
    expect(drawn).toEqual(['a', 'b', 'c', 'a']);
  });

  it('asks for no frame when nothing has changed', () => {
    const { frames, marks } = queue(0);
    marks.mark('a');
    frames.frame();
    expect(frames.requested).toBe(1);
  });

  it('does not draw what was forgotten', () => {
    const { frames, drawn, marks } = queue(0);
    marks.mark('a');
    marks.forget('a');
    frames.frame();
    expect(drawn).toEqual([]);
  });
});
