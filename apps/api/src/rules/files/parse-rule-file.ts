import { byCodePoint, type LabelSet } from '@opsroom/contracts';
import { type Expr, parseExpr, PromqlSyntaxError } from '@opsroom/promql';
import { didYouMean } from '../../config/nearest.js';
import { parseDuration } from '../../config/quantities.js';
import { readYaml, type YamlSource } from '../../config/yaml-source.js';
import { templateProblem } from '../evaluation/alert-template.js';
import {
  type ConditionPolicy,
  POLICY_ANNOTATIONS,
  type Rule,
  type RuleFileResult,
  type RuleGroup,
} from './rule-group.js';

export interface RuleFileDefaults {
  readonly intervalMs: number;
  readonly queryOffsetMs: number;
  readonly experimental: boolean;
  /** Fields that are not known are passed over instead of reported. */
  readonly ignoreUnknownFields?: boolean;
}

type Path = readonly PropertyKey[];

const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** Reads a rule file as Prometheus does. Never throws: everything that is wrong is reported, each with its line. */
export function parseRuleFile(file: string, text: string, defaults: RuleFileDefaults): RuleFileResult {
  return new RuleFileReader(file, text, defaults).read();
}

class RuleFileReader {
  private readonly source: YamlSource;
  private readonly problems: string[] = [];
  private readonly lines: readonly string[];
  private readonly names = new Map<string, number>();

  constructor(
    private readonly file: string,
    text: string,
    private readonly defaults: RuleFileDefaults,
  ) {
    this.source = readYaml(file, text);
    this.lines = text.split('\n');
  }

  read(): RuleFileResult {
    const { data, problems } = this.source;
    if (problems.length > 0) return { groups: [], problems };
    if (data === null || data === undefined || data === '') return { groups: [], problems: [] };
    const root = this.map(data, [], 'a rule file', ['groups']);
    const groups = this.list(root.groups, ['groups'], 'groups').map((group, i) => this.group(group, ['groups', i]));
    const seen = new Set<string>();
    groups.forEach((group, i) => {
      if (group.name !== '' && seen.has(group.name)) {
        this.problem(['groups', i, 'name'], `group name ${JSON.stringify(group.name)} is used twice in this file`);
      }
      seen.add(group.name);
    });
    return { groups: this.problems.length > 0 ? [] : groups, problems: this.problems };
  }

  private group(value: unknown, path: Path): RuleGroup {
    const group = this.map(value, path, 'a group', GROUP_KEYS);
    const name = this.text(group.name);
    if (name === '') this.problem(path, 'a group needs a name');
    const limitText = this.text(group.limit);
    const limit = limitText === '' ? 0 : Number(limitText);
    if (!Number.isInteger(limit) || limit < 0)
      this.problem([...path, 'limit'], `limit must be a whole number, not ${JSON.stringify(limitText)}`);
    const labels = this.labels(group.labels, [...path, 'labels']);
    const intervalMs = this.duration(group.interval, [...path, 'interval'], 0);
    return {
      file: this.file,
      name,
      intervalMs: intervalMs > 0 ? intervalMs : this.defaults.intervalMs,
      queryOffsetMs: this.duration(group.query_offset, [...path, 'query_offset'], this.defaults.queryOffsetMs),
      limit,
      rules: this.list(group.rules, [...path, 'rules'], 'rules').flatMap((rule, i) =>
        this.rule(rule, [...path, 'rules', i], name, labels),
      ),
    };
  }

  private rule(value: unknown, path: Path, group: string, groupLabels: LabelSet): Rule[] {
    const rule = this.map(value, path, 'a rule', RULE_KEYS);
    const record = this.text(rule.record);
    const alert = this.text(rule.alert);
    const name = record || alert;
    if (record !== '' && alert !== '') this.problem(path, "only one of 'record' and 'alert' may be set");
    if (name === '') this.problem(path, "one of 'record' or 'alert' must be set");
    const expr = this.text(rule.expr);
    const parsed = this.expression(expr, path);
    const labels = this.labels(rule.labels, [...path, 'labels']);
    const annotations = this.texts(rule.annotations, [...path, 'annotations']);
    const forMs = this.duration(rule.for, [...path, 'for'], 0);
    const keepFiringForMs = this.duration(rule.keep_firing_for, [...path, 'keep_firing_for'], 0);
    const kind = record !== '' ? 'recording' : 'alerting';
    const key = `${this.file};${group};${kind};${name}`;
    const place = this.names.get(key) ?? 0;
    this.names.set(key, place + 1);
    const base = { id: `${key};${place}`, name, expr, labels: { ...groupLabels, ...labels } };
    if (kind === 'recording') {
      for (const field of ['annotations', 'for', 'keep_firing_for']) {
        if (rule[field] !== undefined)
          this.problem([...path, field], `invalid field '${field}' in a recording rule`, true);
      }
      if (!isUtf8Name(record) || record.includes('{'))
        this.problem([...path, 'record'], `invalid recording rule name: ${JSON.stringify(record)}`);
      return parsed ? [{ ...base, kind, parsed }] : [];
    }
    for (const [field, texts] of [
      ['labels', labels],
      ['annotations', annotations],
    ] as const) {
      for (const [key, template] of Object.entries(texts)) {
        const wrong = templateProblem(`${field === 'labels' ? 'label' : 'annotation'} ${key}`, template);
        if (wrong !== undefined) this.problem([...path, field, key], wrong);
      }
    }
    const onNodata = this.policy(annotations, path, POLICY_ANNOTATIONS.onNodata, 'resolve');
    const onError = this.policy(annotations, path, POLICY_ANNOTATIONS.onError, 'keep');
    return parsed ? [{ ...base, kind, parsed, forMs, keepFiringForMs, annotations, onNodata, onError }] : [];
  }

  private policy(annotations: LabelSet, path: Path, name: string, fallback: ConditionPolicy): ConditionPolicy {
    const value = annotations[name] ?? fallback;
    if (value === 'resolve' || value === 'keep' || value === 'alert') return value;
    this.problem(
      [...path, 'annotations', name],
      `${name} must be resolve, keep or alert, not ${JSON.stringify(value)}`,
    );
    return fallback;
  }

  private expression(expr: string, path: Path): Expr | undefined {
    if (expr === '') {
      this.problem(path, "field 'expr' must be set in a rule");
      return undefined;
    }
    try {
      return parseExpr(expr, { experimental: this.defaults.experimental });
    } catch (error) {
      if (!(error instanceof PromqlSyntaxError)) throw error;
      this.problems.push(`${this.locateInText([...path, 'expr'], expr, error.range.start)}: ${error.message}`);
      return undefined;
    }
  }

  /** `file:line` of a place within an expression that may run over several lines. */
  private locateInText(path: Path, text: string, offset: number): string {
    const place = this.source.locate(path);
    const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 0);
    const block = /[:-]\s+(?<style>[|>])[+-]?\d*\s*(?:#.*)?$/.exec(this.lines[line - 1] ?? '')?.groups;
    if (!block) return place;
    // A folded block has lost its line breaks; its first line is then the best that can be said.
    const inner = block.style === '|' ? text.slice(0, offset).split('\n').length - 1 : 0;
    return `${this.file}:${line + 1 + inner}`;
  }

  private labels(value: unknown, path: Path): LabelSet {
    const labels = this.texts(value, path);
    for (const name of Object.keys(labels)) {
      if (name === '__name__' || name === '' || !isUtf8Name(name))
        this.problem([...path, name], `invalid label name: ${JSON.stringify(name)}`, true);
    }
    return labels;
  }

  private texts(value: unknown, path: Path): LabelSet {
    const result: Record<string, string> = {};
    if (value === undefined || value === '') return result;
    if (!isMap(value)) {
      this.problem(path, `${String(path.at(-1))} must be a map of texts`);
      return result;
    }
    for (const name of Object.keys(value).sort(byCodePoint)) {
      const text = value[name];
      if (typeof text === 'string') result[name] = text;
      else this.problem([...path, name], `${name} must be a text`);
    }
    return result;
  }

  private duration(value: unknown, path: Path, fallback: number): number {
    const text = this.text(value);
    if (text === '') return fallback;
    const ms = parseDuration(text);
    if (ms === undefined)
      this.problem(path, `not a valid duration: ${JSON.stringify(text)}; write it as 30s, 5m or 1h30m`);
    return ms ?? fallback;
  }

  private map(value: unknown, path: Path, what: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
    if (!isMap(value)) {
      this.problem(path, `${what} must be a map`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key) && this.defaults.ignoreUnknownFields !== true)
        this.problem([...path, key], `unknown field ${JSON.stringify(key)} in ${what}${didYouMean(key, keys)}`, true);
    }
    return value;
  }

  private list(value: unknown, path: Path, what: string): readonly unknown[] {
    if (value === undefined || value === '') return [];
    if (Array.isArray(value)) return value as readonly unknown[];
    this.problem(path, `${what} must be a list`);
    return [];
  }

  private text(value: unknown): string {
    return typeof value === 'string' ? value.trim() : '';
  }

  private problem(path: Path, message: string, atKey = false): void {
    this.problems.push(`${this.source.locate(path, atKey)}: ${message}`);
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any text that is well-formed Unicode may name a metric or a label. */
const isUtf8Name = (name: string): boolean =>
  name !== '' && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(name);
