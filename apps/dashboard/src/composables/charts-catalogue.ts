import { requestJson } from '../sockets/http.js';

/** What the server's query API answers with. */
interface Answer<T> {
  readonly status: 'success' | 'error';
  readonly data: T;
}

async function get<T>(path: string): Promise<T> {
  return (await requestJson<Answer<T>>('GET', `api/v1/${path}`)).data;
}

const query = (matches: readonly string[]): string =>
  matches.length === 0 ? '' : `?${matches.map((match) => `match[]=${encodeURIComponent(match)}`).join('&')}`;

/** Names of all metrics that there are samples of, sorted. Throws HttpError. */
export const metricNames = async (): Promise<readonly string[]> => get<string[]>('label/__name__/values');

/** Names of the labels that the selected series have. */
export const labelNames = async (selector: string): Promise<readonly string[]> =>
  get<string[]>(`labels${query([selector])}`);

/** Values of a label among the selected series. */
export const labelValues = async (name: string, selector: string): Promise<readonly string[]> =>
  get<string[]>(`label/${encodeURIComponent(name)}/values${query([selector])}`);

export interface MetricHelp {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** Type and help text of metrics, by name. */
export async function metricHelp(): Promise<ReadonlyMap<string, MetricHelp>> {
  const found = await get<Record<string, readonly MetricHelp[]>>('metadata');
  return new Map(Object.entries(found).flatMap(([name, entries]) => (entries[0] ? [[name, entries[0]] as const] : [])));
}

/** Seconds between two samples of a metric, by the label `instance`: the median of the last two minutes. Only instances with two samples are in it. */
export async function sampleSpacing(metric: string): Promise<ReadonlyMap<string, number>> {
  const { result } = await get<{ result: readonly RangeSeries[] }>(
    `query?query=${encodeURIComponent(`${metric}[2m]`)}`,
  );
  return new Map(
    result.flatMap(({ metric: labels, values }) => {
      const gaps = values.slice(1).map(([time], i) => time - (values[i]?.[0] ?? time));
      const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
      return median === undefined ? [] : [[labels.instance ?? '', median] as const];
    }),
  );
}

interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}
