import { lowerBound } from './columns.js';
import type { SceneLayer } from './scene.js';
import type { Extent } from './value-range.js';

/** Smallest and greatest finite value of the visible series between two times; `min > max` when there is none. */
export function extentOf(layers: readonly SceneLayer[], fromMs: number, toMs: number): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const { view, styles } of layers) {
    const first = lowerBound(view, fromMs);
    const last = lowerBound(view, toMs + 1);
    for (let series = 0; series < view.values.length; series++) {
      if (!styles[series]?.visible) continue;
      const column = view.values[series];
      for (let i = first; i < last; i++) {
        const value = column[i];
        // NaN fails both comparisons; infinities would leave the axis without a scale.
        if (value < min && value !== -Infinity) min = value;
        if (value > max && value !== Infinity) max = value;
      }
    }
  }
  return { min, max };
}
