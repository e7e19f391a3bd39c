import { type LabelSet } from '@opsroom/contracts';
import { parseDuration } from '../../config/quantities.js';
import { readYaml } from '../../config/yaml-source.js';

/** A file of unit tests for rules, in promtool's format. Durations in ms. */
export interface RuleTestFile {
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly groupEvalOrder: readonly string[];
  readonly fuzzyCompare: boolean;
  readonly tests: readonly RuleTestGroup[];
}

export interface RuleTestGroup {
  readonly name: string;
  readonly intervalMs: number;
  /** When the first sample is, ms since 1970. */
  readonly startMs: number;
  readonly inputSeries: readonly { readonly series: string; readonly values: string }[];
  readonly alertTests: readonly AlertTest[];
  readonly exprTests: readonly ExprTest[];
  readonly externalLabels: LabelSet;
  readonly externalUrl: string;
}

export interface AlertTest {
  readonly evalTimeMs: number;
  readonly alertname: string;
  readonly expected: readonly { readonly labels: LabelSet; readonly annotations: LabelSet }[];
}

export interface ExprTest {
  readonly evalTimeMs: number;
  readonly expr: string;
  /** `histogram` is '' where a number is expected. */
  readonly expected: readonly { readonly labels: string; readonly value: number; readonly histogram: string }[];
}

/** The test file cannot be used; every reason is a line. */
export class TestFileError extends Error {
  override readonly name = 'TestFileError';
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a test file. Throws `TestFileError` with everything that is wrong. */
export function parseTestFile(text: string): RuleTestFile {
  const source = readYaml('line', text);
  if (source.problems.length > 0) throw new TestFileError(source.problems.join('\n'));
  const problems: string[] = [];
  const problem = (path: readonly PropertyKey[], message: string): void => {
    problems.push(`  ${source.locate(path, true).replace(':', ' ')}: ${message}`);
  };
  const read = new Reader(problem);
  const root = read.fields(
    source.data,
    [],
    ['rule_files', 'evaluation_interval', 'group_eval_order', 'tests', 'fuzzy_compare'],
  );
  const evaluationIntervalMs = read.duration(root, 'evaluation_interval', [], 60_000);
  const file: RuleTestFile = {
    ruleFiles: read.texts(root.rule_files, ['rule_files']),
    evaluationIntervalMs: evaluationIntervalMs > 0 ? evaluationIntervalMs : 60_000,
    groupEvalOrder: read.texts(root.group_eval_order, ['group_eval_order']),
    fuzzyCompare: root.fuzzy_compare === 'true',
    tests: read.list(root.tests, ['tests']).map((test, i) => testGroup(read, test, ['tests', i], evaluationIntervalMs)),
  };
  if (problems.length > 0) throw new TestFileError(['yaml: unmarshal errors:', ...problems].join('\n'));
  return file;
}

const GROUP_KEYS = [
  'interval',
  'input_series',
  'alert_rule_test',
  'promql_expr_test',
  'external_labels',
  'external_url',
  'name',
  'start_timestamp',
];

function testGroup(read: Reader, value: unknown, path: readonly PropertyKey[], defaultMs: number): RuleTestGroup {
  const group = read.fields(value, path, GROUP_KEYS);
  const intervalMs = read.duration(group, 'interval', path, defaultMs);
  return {
    name: read.text(group.name),
    intervalMs: intervalMs > 0 ? intervalMs : defaultMs,
    startMs: read.timestamp(group, 'start_timestamp', path),
    externalLabels: read.textMap(group.external_labels, [...path, 'external_labels']),
    externalUrl: read.text(group.external_url),
    inputSeries: read.list(group.input_series, [...path, 'input_series']).map((item, i) => {
      const series = read.fields(item, [...path, 'input_series', i], ['series', 'values']);
      return { series: read.text(series.series), values: read.text(series.values) };
    }),
    alertTests: read.list(group.alert_rule_test, [...path, 'alert_rule_test']).map((item, i) => {
      const at = [...path, 'alert_rule_test', i];
      const test = read.fields(item, at, ['eval_time', 'alertname', 'exp_alerts']);
      return {
        evalTimeMs: read.duration(test, 'eval_time', at, 0),
        alertname: read.text(test.alertname),
        expected: read.list(test.exp_alerts, [...at, 'exp_alerts']).map((alert, n) => {
          const expected = read.fields(alert, [...at, 'exp_alerts', n], ['exp_labels', 'exp_annotations']);
          return {
            labels: read.textMap(expected.exp_labels, [...at, 'exp_alerts', n, 'exp_labels']),
            annotations: read.textMap(expected.exp_annotations, [...at, 'exp_alerts', n, 'exp_annotations']),
          };
        }),
      };
    }),
    exprTests: read.list(group.promql_expr_test, [...path, 'promql_expr_test']).map((item, i) => {
      const at = [...path, 'promql_expr_test', i];
      const test = read.fields(item, at, ['expr', 'eval_time', 'exp_samples']);
      return {
        expr: read.text(test.expr),
        evalTimeMs: read.duration(test, 'eval_time', at, 0),
        expected: read.list(test.exp_samples, [...at, 'exp_samples']).map((sample, n) => {
          const expected = read.fields(sample, [...at, 'exp_samples', n], ['labels', 'value', 'histogram']);
          return {
            labels: read.text(expected.labels),
            value: read.number(expected, 'value', [...at, 'exp_samples', n]),
            histogram: read.text(expected.histogram),
          };
        }),
      };
    }),
  };
}

/** Takes plain data apart and notes what does not fit. */
class Reader {
  constructor(private readonly problem: (path: readonly PropertyKey[], message: string) => void) {}

  fields(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): Fields {
    if (value === undefined || value === null || value === '') return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.problem(path, 'a map is expected here');
      return {};
    }
    for (const key of Object.keys(value))
      if (!keys.includes(key)) this.problem([...path, key], `field ${key} is not known here`);
    return value as Fields;
  }

  list(value: unknown, path: readonly PropertyKey[]): readonly unknown[] {
    if (value === undefined || value === null || value === '') return [];
    if (Array.isArray(value)) return value as readonly unknown[];
    this.problem(path, 'a list is expected here');
    return [];
  }

  text(value: unknown): string {
    return typeof value === 'string' ? value : '';
  }

  texts(value: unknown, path: readonly PropertyKey[]): string[] {
    return this.list(value, path).map((item) => this.text(item));
  }

  textMap(value: unknown, path: readonly PropertyKey[]): LabelSet {
    if (value === undefined || value === null || value === '') return {};
    if (typeof value === 'object' && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, this.text(text)]));
    }
    this.problem(path, 'a map of texts is expected here');
    return {};
  }

  duration(fields: Fields, name: string, path: readonly PropertyKey[], fallback: number): number {
    const text = this.text(fields[name]);
    if (text === '') return fallback;
    const ms = parseDuration(text);
    if (ms === undefined) this.problem([...path, name], `not a valid duration string: ${JSON.stringify(text)}`);
    return ms ?? fallback;
  }

  number(fields: Fields, name: string, path: readonly PropertyKey[]): number {
    const text = this.text(fields[name]).trim();
    const word = /^([+-]?)\.?(inf|nan)$/i.exec(text);
    if (word) return word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
    const number = text === '' ? 0 : Number(text);
    if (Number.isNaN(number)) this.problem([...path, name], `not a number: ${JSON.stringify(text)}`);
    return number;
  }

  /** Seconds since 1970 or an RFC 3339 text; absent: 1970. */
  timestamp(fields: Fields, name: string, path: readonly PropertyKey[]): number {
    const text = this.text(fields[name]).trim();
    if (text === '') return 0;
    const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
    if (Number.isNaN(ms)) this.problem([...path, name], `not a time: ${JSON.stringify(text)}`);
    return Number.isNaN(ms) ? 0 : ms;
  }
}
