import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Tokens = Record<string, readonly [number, number, number]>;

/** The OKLCH values of one rule of the file: lightness, chroma, hue in degrees. */
function tokensOf(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  const found = body.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return Object.fromEntries([...found].map(([, name, l, c, h]) => [name, [Number(l), Number(c), Number(h)] as const]));
}

/** Relative luminance of an OKLCH colour, by way of linear sRGB (Ottosson's matrices), clipped to the gamut. */
function luminance([l, c, h]: readonly [number, number, number]): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly [number, number, number], other: readonly [number, number, number]): number {
  const [low, high] = [luminance(one), luminance(other)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const themes: [string, Tokens][] = [
  ['dark', tokensOf(':root')],
  ['light', tokensOf(":root[data-theme='light']")],
];
const series = Array.from({ length: 12 }, (_, index) => `s${index + 1}`);

describe.each(themes)('the %s theme', (_, tokens) => {
  const grounds = ['bg', 'surface', 'raised'];

  it.each(['text', 'muted', 'accent', 'critical', 'warning', 'ok', 'info', 'stale'])(
    '%s reads as text on every ground',
    (name) => {
      for (const ground of grounds) expect(contrast(tokens[name], tokens[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each([
    ['on-accent', 'accent'],
    ['on-critical', 'critical'],
  ])('%s reads as text on %s', (text, ground) => {
    expect(contrast(tokens[text], tokens[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['edge', ...series])('%s stands out as a line', (name) => {
    expect(contrast(tokens[name], tokens.bg)).toBeGreaterThanOrEqual(3);
    expect(contrast(tokens[name], tokens.surface)).toBeGreaterThanOrEqual(3);
  });

  it('keeps the hues of state out of the series', () => {
    for (const name of series) {
      const [, chroma, hue] = tokens[name];
      if (chroma > 0.03) expect(hue > 190 && hue < 345).toBe(true);
    }
  });

  it('tells neighbours in the palette apart by lightness, not by hue alone', () => {
    for (let i = 1; i < series.length; i++) {
      expect(Math.abs(tokens[series[i]][0] - tokens[series[i - 1]][0])).toBeGreaterThanOrEqual(0.08);
    }
  });
});
