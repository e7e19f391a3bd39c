import { Chart, type Scale } from 'chart.js';

/** The version whose private fields the fast path was written against; package.json pins it exactly. */
export const KNOWN_VERSION = '4.6.1';

interface ScaleInternals {
  _gridLineItems: unknown;
  _labelItems: unknown;
}

const internals = (scale: Scale): ScaleInternals => scale as unknown as ScaleInternals;

/**
 * Whether a chart that has been drawn once keeps its caches where the fast path expects them. Where it does not, a plot
 * goes through `chart.update()` for each frame: slower, but right.
 */
export function hasKnownInternals(chart: Pick<Chart, 'scales'>, version: string = Chart.version): boolean {
  return (
    version === KNOWN_VERSION &&
    Object.values(chart.scales).every((scale) => {
      const { _gridLineItems, _labelItems } = internals(scale);
      const drawn = scale.options.display === true;
      return (
        Array.isArray(_gridLineItems) === drawn &&
        Array.isArray(_labelItems) === drawn &&
        typeof scale.configure === 'function'
      );
    })
  );
}

/** Makes a scale compute its pixels, grid lines and labels anew when it is drawn next, without a layout. */
export function moveScale(scale: Scale): void {
  const fields = internals(scale);
  fields._gridLineItems = null;
  fields._labelItems = null;
  scale.configure();
}
