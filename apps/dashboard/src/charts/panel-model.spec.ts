import { absentColumn, type LabelSet } from '@opsroom/contracts';
import { PanelModel, type PanelSource } from './panel-model.js';

/** A buffer at the times 0, 1000, 2000 with the given values; null is absent. */
function source(series: readonly (readonly [LabelSet, ...(number | null)[]])[]): PanelSource {
  const columns = series.map(([, ...values]) => {
    const column = absentColumn(values.length);
    values.forEach((value, i) => {
      if (value !== null) column[i] = value;
    });
    return column;
  });
  const times = Float64Array.of(0, 1000, 2000);
  return { series: series.map(([labels]) => labels), times, columns, from: 0, to: 3, revision: 1 };
}
const modes = source([
  [{ mode: 'user' }, 1, 2, 3],
  [{ mode: 'system' }, 4, null, 6],
  [{ mode: 'iowait' }, 7, NaN, 9],
]);
const model = (): PanelModel => {
  const made = new PanelModel([{ expr: 'x', legend: '{{mode}}' }]);
  made.setSources([modes]);
  return made;
};
const keyOf = (panel: PanelModel, name: string): string => panel.rows.find((row) => row.name === name)?.key ?? '';
const shown = (panel: PanelModel): string[] =>
  panel.rows.filter(({ key }) => panel.isShown(key)).map(({ name }) => name);

describe('PanelModel', () => {
  it('lists its series by name', () => {
    expect(model().rows.map(({ name }) => name)).toEqual(['iowait', 'system', 'user']);
  });

  it('gives the values at a time, tells absent from NaN, and the current ones without a time', () => {
    const panel = model();
    expect(panel.valuesAt(1100)).toEqual([NaN, null, 2]);
    expect(panel.valuesAt(null)).toEqual([9, 6, 3]);
    expect(panel.snap(1600)).toBe(2000);
    expect(panel.valuesAt(9000, 1500)).toEqual([null, null, null]);
  });

  it('shows a series alone and all again', () => {
    const panel = model();
    const user = keyOf(panel, 'user');
    panel.isolate(user, false);
    expect(shown(panel)).toEqual(['user']);
    panel.isolate(keyOf(panel, 'system'), true);
    expect(shown(panel)).toEqual(['system', 'user']);
    panel.isolate(user, false);
    panel.isolate(user, false);
    expect(shown(panel)).toEqual(['iowait', 'system', 'user']);
  });

  it('shows the series of an alert alone, and all where none or every one is its own', () => {
    const panel = model();
    panel.isolateOwn({ alertname: 'CpuBusy', mode: 'user' });
    expect(shown(panel)).toEqual(['user']);
    panel.isolateOwn({ alertname: 'CpuBusy' });
    expect(shown(panel)).toEqual(['iowait', 'system', 'user']);
  });

  it('lets the series stand back that are not pointed at', () => {
    const panel = model();
    panel.point(keyOf(panel, 'user'));
    const [styles] = panel.styles();
    expect(styles.map(({ faint }) => faint)).toEqual([false, true, true]);
  });

  it('keeps colours when series come and go', () => {
    const panel = model();
    const before = new Map(panel.rows.map(({ name, slot }) => [name, slot]));
    panel.setSources([
      source([[{ mode: 'nice' }, 1, 1, 1], ...modes.series.map((labels) => [labels, 1, 2, 3] as const)]),
    ]);
    for (const { name, slot } of panel.rows) if (before.has(name)) expect(slot).toBe(before.get(name));
    expect(new Set(panel.rows.map(({ slot }) => slot)).size).toBe(4);
  });

  it('tells the same labels of two queries apart', () => {
    const panel = new PanelModel([
      { expr: 'rx', legend: '{{device}} in' },
      { expr: 'tx', legend: '{{device}} out' },
    ]);
    const eth = source([[{ device: 'eth0' }, 1, 2, 3]]);
    panel.setSources([eth, eth]);
    expect(panel.rows.map(({ name }) => name)).toEqual(['eth0 in', 'eth0 out']);
    expect(new Set(panel.rows.map(({ slot }) => slot)).size).toBe(2);
  });

  it('stays as it was while it is paused', () => {
    const live = source([[{ mode: 'user' }, 1, 2, 3]]);
    const panel = new PanelModel([{ expr: 'x' }]);
    panel.setSources([live]);
    panel.freeze();
    live.columns[0].fill(99);
    expect(panel.valuesAt(null)).toEqual([3]);
    panel.thaw();
    expect(panel.valuesAt(null)).toEqual([99]);
  });
});
