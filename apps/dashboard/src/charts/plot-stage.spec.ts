import type { PlotFrame } from './plot-commands.js';
import { PlotStage } from './plot-stage.js';
import { recordingCanvas, strokes } from './recording-canvas.fixture.js';

/** A stage whose frames come when told to. */
function stage(): { run: PlotStage['run']; frame: () => void; drawn: PlotFrame[]; requested: () => number } {
  let pending: (() => void)[] = [];
  let requested = 0;
  const drawn: PlotFrame[] = [];
  const made = new PlotStage((frames) => drawn.push(...frames), {
    requestFrame: (callback) => {
      requested++;
      pending.push(callback);
    },
    now: () => 0,
  });
  const frame = (): void => {
    const callbacks = pending;
    pending = [];
    for (const callback of callbacks) callback();
  };
  return { run: (commands) => made.run(commands), frame, drawn, requested: () => requested };
}
const size = { width: 200, height: 100, ratio: 1 };
const config = { unit: 'none', bare: false, threshold: null } as const;
const columns = (newestMs: number) =>
  ({
    do: 'columns',
    id: 1,
    layer: 0,
    patch: {
      fromMs: -Infinity,
      keepFromMs: -Infinity,
      series: 1,
      times: Float64Array.of(0, 1000),
      values: Float64Array.of(1, 2),
    },
    newestMs,
  }) as const;

describe('PlotStage', () => {
  it('draws once for many commands and says which samples the frame shows', () => {
    const { run, frame, drawn, requested } = stage();
    const canvas = recordingCanvas();
    run([
      { do: 'theme', theme: { background: '', line: '', muted: '', threshold: '', font: 'x', series: ['one'] } },
      { do: 'open', id: 1, canvas, config, size },
      { do: 'layer', id: 1, layer: 0, styles: [{ slot: 0, visible: true, faint: false }], gapMs: 1500 },
      columns(990),
      { do: 'span', id: 1, fromMs: 0, toMs: 1000 },
    ]);
    expect(requested()).toBe(1);
    frame();
    expect(drawn.map(({ id, newestMs }) => [id, newestMs])).toEqual([[1, 990]]);
    expect(strokes(canvas).some(({ colour }) => colour === 'one')).toBe(true);
  });

  it('draws nothing without a span or without a size', () => {
    const { run, frame, drawn } = stage();
    run([{ do: 'open', id: 1, canvas: recordingCanvas(), config, size }, columns(5)]);
    frame();
    run([
      { do: 'span', id: 1, fromMs: 0, toMs: 1000 },
      { do: 'resize', id: 1, size: { ...size, width: 0 } },
    ]);
    frame();
    expect(drawn).toEqual([]);
  });

  it('forgets a plot that was closed, whatever still comes for it', () => {
    const { run, frame, drawn } = stage();
    run([
      { do: 'open', id: 1, canvas: recordingCanvas(), config, size },
      { do: 'span', id: 1, fromMs: 0, toMs: 1000 },
      { do: 'close', id: 1 },
      columns(5),
    ]);
    frame();
    expect(drawn).toEqual([]);
  });
});
