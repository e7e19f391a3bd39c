import { PanelModel, type PanelSource } from './panel-model.js';
import { PanelPlot } from './panel-plot.js';

type Source = PanelSource & { newestMs: number };

function source(times: readonly number[], revision = 1): Source {
  const column = Float64Array.from(times);
  return {
    series: [{ mode: 'user' }],
    times: column,
    columns: [column],
    from: 0,
    to: times.length,
    revision,
    newestMs: times.at(-1) ?? 0,
  };
}

/** A panel whose plot writes down what it is told. */
function panel(): { sync: (next: Source) => void; told: unknown[][]; model: PanelModel; plot: PanelPlot } {
  const told: unknown[][] = [];
  const model = new PanelModel([{ expr: 'x' }]);
  const plot = new PanelPlot(
    model,
    {
      setSource: (layer) => told.push(['source', layer]),
      pull: (layer, fromMs, keepFromMs) => told.push(['pull', layer, fromMs, keepFromMs]),
      setLayer: (layer, styles, gapMs) => told.push(['layer', layer, styles.length, gapMs]),
      setSpan: () => {},
    },
    1000,
  );
  const sync = (next: Source): void => {
    model.setSources([next]);
    plot.sync(0, next, -1);
  };
  return { sync, told, model, plot };
}

describe('PanelPlot', () => {
  it('passes on everything first, then only what may have changed', () => {
    const { sync, told } = panel();
    sync(source([0, 1000, 2000]));
    expect(told).toEqual([
      ['source', 0],
      ['layer', 0, 1, 1500],
    ]);
    told.length = 0;
    sync(source([0, 1000, 2000, 3000]));
    expect(told).toEqual([['pull', 0, 1000.5, -1]]);
  });

  it('passes on everything again after a correction of the past', () => {
    const { sync, told } = panel();
    sync(source([0, 1000]));
    told.length = 0;
    sync(source([0, 1000, 2000], 2));
    expect(told[0]).toEqual(['source', 0]);
  });

  it('learns how far apart the columns of a slow source are', () => {
    const { sync, told } = panel();
    sync(source([0]));
    told.length = 0;
    sync(source([0, 15_000]));
    expect(told).toContainEqual(['layer', 0, 1, 22_500]);
  });

  it('takes nothing while it is paused and everything afterwards', () => {
    const { sync, told, model, plot } = panel();
    sync(source([0, 1000]));
    told.length = 0;
    model.freeze();
    sync(source([0, 1000, 2000]));
    expect(told).toEqual([]);
    model.thaw();
    plot.forget();
    sync(source([0, 1000, 2000]));
    expect(told[0]).toEqual(['source', 0]);
  });
});
