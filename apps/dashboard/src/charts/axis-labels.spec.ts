import type { Unit } from '../format/units.js';
import { axisLabels } from './axis-labels.js';

describe('axisLabels', () => {
  it.each<[readonly number[], number, Unit, readonly string[]]>([
    [[0, 25, 50, 75, 100], 25, 'percent', ['0 %', '25 %', '50 %', '75 %', '100 %']],
    [[0, 0.5, 1], 0.5, 'ratio', ['0 %', '50 %', '100 %']],
    [[0, 2 ** 29, 2 ** 30, 3 * 2 ** 29], 2 ** 29, 'bytes', ['0', '0.5 GiB', '1.0 GiB', '1.5 GiB']],
    [[0, 2048, 4096], 2048, 'bytesPerSecond', ['0', '2 KiB/s', '4 KiB/s']],
    [[0, 0.05, 0.1], 0.05, 'seconds', ['0', '50 ms', '100 ms']],
    [[0, 30, 60, 90], 30, 'seconds', ['0', '30 s', '60 s', '90 s']],
    [[0, 60, 120], 60, 'seconds', ['0', '1 min', '2 min']],
    [[-1, 0, 1], 1, 'none', ['−1', '0', '1']],
    [[0, 500, 1000], 500, 'perSecond', ['0', '500 /s', '1000 /s']],
    [[0, 5000, 10_000], 5000, 'perSecond', ['0', '5 k/s', '10 k/s']],
    [[0, 0.002, 0.004], 0.002, 'none', ['0', '0.002', '0.004']],
    [[0], 1, 'bytes', ['0']],
  ])('writes %p in one scale and with equal decimals', (ticks, step, unit, labels) => {
    expect(axisLabels(ticks, step, unit)).toEqual(labels);
  });
});
