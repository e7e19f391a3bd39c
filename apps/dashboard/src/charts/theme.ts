import type { PlotTheme } from './scene.js';

/** Number of colours in the series palette, `--s1` to `--s12`. */
export const PALETTE_SIZE = 12;

/** Reads the tokens that a canvas needs from an element's styles. */
export function readTheme(root: Element): PlotTheme {
  const styles = getComputedStyle(root);
  const token = (name: string, otherwise: string): string => styles.getPropertyValue(name).trim() || otherwise;
  return {
    background: token('--surface', '#111'),
    line: token('--line', '#333'),
    muted: token('--muted', '#999'),
    threshold: token('--warning', '#da3'),
    font: token('--font-sans', 'system-ui, sans-serif'),
    series: Array.from({ length: PALETTE_SIZE }, (_, i) => token(`--s${i + 1}`, '#88f')),
  };
}
