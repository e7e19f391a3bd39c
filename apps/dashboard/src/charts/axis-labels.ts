import type { Unit } from '../format/units.js';

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const powers = (base: number, names: readonly string[], tail = ''): readonly Scale[] =>
  names.map((name, power) => ({ factor: base ** power, suffix: name + tail }));

const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  none: powers(1000, SI),
  bytes: powers(1024, IEC),
  bytesPerSecond: powers(1024, IEC, '/s'),
  percent: [{ factor: 1, suffix: '%' }],
  ratio: [{ factor: 0.01, suffix: '%' }],
  perSecond: powers(1000, SI, '/s'),
  seconds: [
    { factor: 1e-9, suffix: 'ns' },
    { factor: 1e-6, suffix: 'µs' },
    { factor: 1e-3, suffix: 'ms' },
    { factor: 1, suffix: 's' },
    { factor: 60, suffix: 'min' },
    { factor: 3600, suffix: 'h' },
    { factor: 86_400, suffix: 'd' },
  ],
};

/**
 * The labels of a value axis: all in the scale of its greatest tick and with the same number of decimals, so that the
 * eye compares digits and not units. `step` is the distance of two ticks, in the unit itself.
 */
export function axisLabels(ticks: readonly number[], step: number, unit: Unit): string[] {
  const greatest = ticks.reduce((size, tick) => Math.max(size, Math.abs(tick)), 0);
  const scales = SCALES[unit];
  // `1500` reads better than `1.5 k`, and `90 s` than `1.5 min`; only bytes are not counted in thousands of their smaller name.
  const fits = ({ factor }: Scale): boolean => {
    if (unit === 'bytes' || unit === 'bytesPerSecond' || factor <= 1) return greatest >= factor * 0.9995;
    return unit === 'seconds' ? step >= factor : greatest >= factor * 10;
  };
  const { factor, suffix } = scales.findLast(fits) ?? scales[0] ?? { factor: 1, suffix: '' };
  const decimals = decimalsOf(step / factor);
  return ticks.map((tick) => {
    const number = (tick / factor)
      .toFixed(decimals)
      .replace(/^-(0(?:\.0*)?)$/, '$1')
      .replace('-', '−');
    if (tick === 0 && suffix !== '%') return '0';
    return suffix === '' ? number : `${number} ${suffix}`;
  });
}

/** How many decimals a step needs to be told from its neighbours: 0.25 has 2, 0.5 has 1, 20 has none; at most six. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const shifted = step * 10 ** decimals;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) return decimals;
  }
  return 6;
}
