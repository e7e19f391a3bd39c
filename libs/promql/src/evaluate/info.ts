import { METRIC_NAME } from '@opsroom/contracts';
import { PromqlExecutionError } from '../errors.js';
import { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { CallNode, PlanNode, SelectNode } from '../plan/nodes.js';
import { childrenOf } from '../plan/nodes.js';
import { createMatcher } from '../syntax/matchers.js';
import { ABSENT, Block, copyHistograms } from './block.js';
import { collect, DUPLICATE_LABELS } from './duplicates.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { printLabels } from './metadata-labels.js';
import { quote } from './numbers.js';
import { fillRow, refuseHistograms } from './select.js';

/** Labels by which a series finds its info series. */
const IDENTIFYING = ['instance', 'job'] as const;
const TARGET_INFO = 'target_info';

/** info(v, selector): adds labels of info metrics to the series that have the same instance and job. */
export function* infoStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const base = yield* collect(evaluation, evaluation.vector(node.args[0], grid), grid.steps);
  const selector = node.args.length > 1 ? (node.args[1] as SelectNode) : undefined;
  const given = selector?.matchers ?? [];
  const nameMatchers = namesToLookFor(given.filter(({ name }) => name === METRIC_NAME));
  const dataMatchers = given.filter(({ name }) => name !== METRIC_NAME);
  const isInfo = base.labels.map((labels) => nameMatchers.every((matcher) => matcher.matches(labels.metricName)));
  const infos = infoSeries(evaluation, node.args[0], grid, base, isInfo, [...dataMatchers, ...nameMatchers]);
  const result = join(base, isInfo, infos, dataMatchers, grid);
  evaluation.hold(-base.cells);
  if (evaluation.work(base.cells)) yield undefined;
  if (result.rows > 0) yield result;
}

/** With exclusions only, everything that is named like an info metric is meant. */
function namesToLookFor(matchers: readonly Matcher[]): readonly Matcher[] {
  if (matchers.length === 0) return [createMatcher(METRIC_NAME, '=', TARGET_INFO)];
  if (matchers.some(({ operator }) => operator === '=' || operator === '=~')) return matchers;
  return [createMatcher(METRIC_NAME, '=~', '.+_info'), ...matchers];
}

/** When the info series' samples were taken (s), by series and step. */
function infoSeries(
  evaluation: Evaluation,
  vector: PlanNode,
  grid: Grid,
  base: Block,
  isInfo: readonly boolean[],
  matchers: readonly Matcher[],
): Block {
  const block = new Block(grid.steps, 0);
  const identity: Matcher[] = [];
  for (const name of IDENTIFYING) {
    const values = new Set<string>();
    for (let row = 0; row < base.rows; row++) {
      const value = base.labels[row].get(name);
      if (!isInfo[row] && value !== '') values.add(value);
    }
    if (values.size > 0) identity.push(createMatcher(name, '=~', [...values].map(escapeExpression).join('|')));
  }
  if (identity.length === 0) return block;
  const first = firstSelector(vector);
  const offsetMs = first === undefined ? 0 : evaluation.offsetMs(first.shift);
  const pinMs = first === undefined ? undefined : evaluation.pinMs(first.shift);
  const { lookbackMs } = evaluation.options;
  const lastMs = grid.startMs + (grid.steps - 1) * grid.stepMs;
  const selected = evaluation.queryable.select(
    [...identity, ...matchers],
    (pinMs ?? grid.startMs) - offsetMs - lookbackMs + 1,
    (pinMs ?? lastMs) - offsetMs,
  );
  const references = { firstMs: grid.startMs, stepMs: grid.stepMs, lookbackMs };
  for (const series of selected) {
    const cell = block.reserve();
    const floats = fillRow(series, references, block, cell, 'values');
    if (floats === 0) continue;
    evaluation.touch(floats);
    block.commit(series.labels, false);
    refuseHistograms(block, (row) => print(block.labels[row]));
    fillRow(series, references, block, cell, 'timestamps');
  }
  return block;
}

function firstSelector(node: PlanNode): SelectNode | undefined {
  if (node.kind === 'select') return node;
  for (const child of childrenOf(node)) {
    const found = firstSelector(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function escapeExpression(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function identityOf(labels: Labels): string {
  return IDENTIFYING.map((name) => `${labels.get(name).length}:${labels.get(name)}`).join('');
}

function print(labels: Labels): string {
  return printLabels(labels, quote);
}

function join(
  base: Block,
  isInfo: readonly boolean[],
  infos: Block,
  dataMatchers: readonly Matcher[],
  grid: Grid,
): Block {
  const { steps } = grid;
  const wanted = new Set(dataMatchers.map(({ name }) => name));
  const needed = dataMatchers.some((matcher) => !matcher.matches(''));
  const names = [...new Set(infos.labels.map((labels) => labels.metricName))].sort();
  const infosOf = new Map<string, number[]>();
  for (let row = 0; row < infos.rows; row++) {
    const key = `${infos.labels[row].metricName}/${identityOf(infos.labels[row])}`;
    const known = infosOf.get(key);
    if (known === undefined) infosOf.set(key, [row]);
    else known.push(row);
  }
  const result = new Block(steps, base.rows);
  const rowByKey = new Map<string, number>();
  for (let row = 0; row < base.rows; row++) {
    const labels = base.labels[row];
    const candidates = names.map((name) => infosOf.get(`${name}/${identityOf(labels)}`) ?? []);
    const joined = new Map<string, Labels>();
    for (let step = 0; step < steps; step++) {
      const from = row * steps + step;
      if (base.present[from] === ABSENT) continue;
      let own = labels;
      if (!isInfo[row]) {
        const found = candidates.flatMap((rows) => newest(infos, rows, step) ?? []);
        if (found.length === 0 && needed) continue;
        const key = found.join();
        own =
          joined.get(key) ??
          enrich(
            labels,
            found.map((info) => infos.labels[info]),
            wanted,
          );
        joined.set(key, own);
      }
      let target = rowByKey.get(own.key);
      if (target === undefined) {
        target = result.rows;
        rowByKey.set(own.key, target);
        result.reserve();
        // What comes out is a new series: a name whose removal was put off until now stays.
        result.commit(own, false);
      }
      const cell = target * steps + step;
      if (result.present[cell] !== ABSENT) throw new PromqlExecutionError(DUPLICATE_LABELS);
      result.present[cell] = base.present[from];
      result.values[cell] = base.values[from];
      copyHistograms(base, from, result, cell, 1);
    }
  }
  return result;
}

/** Of several info series with one identity the one whose sample is newer; equally new ones contradict each other. */
function newest(infos: Block, rows: readonly number[], step: number): number | undefined {
  let best: number | undefined;
  for (const row of rows) {
    const cell = row * infos.steps + step;
    if (infos.present[cell] === ABSENT) continue;
    if (best === undefined) {
      best = row;
      continue;
    }
    const time = infos.values[best * infos.steps + step];
    if (infos.values[cell] === time) {
      const ms = Math.round(time * 1000);
      throw new PromqlExecutionError(
        `found duplicate series for info metric: existing ${print(infos.labels[best])} @ ${ms}, new ${print(infos.labels[row])} @ ${ms}`,
      );
    }
    if (infos.values[cell] > time) best = row;
  }
  return best;
}

function enrich(base: Labels, infos: readonly Labels[], wanted: ReadonlySet<string>): Labels {
  const added: Record<string, string> = {};
  for (const info of infos) {
    for (let i = 0; i < info.size; i++) {
      const name = info.names[i];
      const value = info.values[i];
      if (name === METRIC_NAME || (wanted.size > 0 && !wanted.has(name))) continue;
      if (added[name] !== undefined && added[name] !== value) {
        throw new PromqlExecutionError(`conflicting label: ${name}`);
      }
      if (!base.has(name)) added[name] = value;
    }
  }
  return Labels.from({ ...base.toObject(), ...added });
}
