import { PlotDesk } from './plot-desk.js';
import { readTheme } from './theme.js';

let desk: PlotDesk | null = null;

/** The one desk of this page, made when the first chart is opened. It follows the theme by itself. */
export function pageDesk(): PlotDesk {
  if (desk) return desk;
  const made = new PlotDesk(
    () => new Worker(new URL('./plot.worker.ts', import.meta.url), { type: 'module', name: 'charts' }),
  );
  const retheme = (): void => made.setTheme(readTheme(document.documentElement));
  retheme();
  new MutationObserver(retheme).observe(document.documentElement, {
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  return (desk = made);
}
