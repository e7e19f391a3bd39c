import { type LabelSet, METRIC_NAME } from '@opsroom/contracts';

/** Puts labels into a legend's template: `{{mode}}` becomes the label's value, nothing where there is none. */
export const fillTemplate = (template: string, labels: LabelSet): string =>
  template.replace(/\{\{\s*([\w.:-]+)\s*\}\}/g, (_, name: string) => labels[name] ?? '').trim();

/** A label set as it is written in an expression: `name{a="b"}`. */
export function printLabels(labels: LabelSet): string {
  const pairs = Object.keys(labels)
    .filter((name) => name !== METRIC_NAME)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  const name = labels[METRIC_NAME] ?? '';
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name;
}

/**
 * Short names for the series of a panel: the values of those labels in which they differ, `name=value` where a value alone
 * would say nothing (a number, or an empty one). `otherwise` names a series that has nothing to tell it from others.
 */
export function shortNames(series: readonly LabelSet[], otherwise: string): string[] {
  const names = [...new Set(series.flatMap((labels) => Object.keys(labels)))].sort();
  const differing = names.filter((name) => series.some((labels) => labels[name] !== series[0]?.[name]));
  const shown = series.length === 1 ? names.filter((name) => name !== METRIC_NAME) : differing;
  return series.map((labels) => {
    const parts = shown.flatMap((name) => {
      const value = labels[name];
      if (value === undefined) return [];
      return name === METRIC_NAME || !/^[\d.]*$/.test(value) ? [value] : [`${name}=${value}`];
    });
    return parts.join(' · ') || labels[METRIC_NAME] || otherwise;
  });
}
