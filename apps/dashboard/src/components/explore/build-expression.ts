/** Label matchers that were picked: label name to the value that it must have. */
export type PickedLabels = Readonly<Record<string, string>>;

const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A selector for a metric with the labels that were picked. Names outside the classic alphabet are quoted. */
export function buildSelector(metric: string, labels: PickedLabels): string {
  const matchers = Object.entries(labels).map(
    ([name, value]) => `${PLAIN_LABEL.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`,
  );
  if (!PLAIN_NAME.test(metric)) return `{${[JSON.stringify(metric), ...matchers].join(', ')}}`;
  return matchers.length > 0 ? `${metric}{${matchers.join(', ')}}` : metric;
}

/**
 * The expression that shows a metric as people want to see it: a counter as its rate, a classic histogram as its 95th
 * percentile, anything else as it is. `type` is the metadata's; without it the name's suffix tells.
 */
export function buildExpression(metric: string, labels: PickedLabels, type = ''): string {
  const selector = buildSelector(metric, labels);
  if (metric.endsWith('_bucket')) return `histogram_quantile(0.95, sum by (le) (rate(${selector}[5m])))`;
  const counter = type === 'counter' || /_(?:total|count|sum)$/.test(metric);
  return counter ? `rate(${selector}[1m])` : selector;
}

/** Metrics whose names hold all the words of a search, the best first: those that begin with it, then shorter ones. */
export function searchMetrics(names: readonly string[], search: string, limit: number): string[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (name: string): number =>
    (words[0] !== undefined && name.toLowerCase().startsWith(words[0]) ? 0 : 1000) + name.length;
  const found = names.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
  return (words.length > 0 ? found.sort((a, b) => rank(a) - rank(b)) : found).slice(0, limit);
}
