import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';

/** A rule as it stands in the text of a rule file. */
export interface RuleInText {
  readonly group: string;
  readonly name: string;
  readonly kind: 'alerting' | 'recording';
  readonly expr: string;
  /** Lines of it, counted from 1, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  /** The rule alone in its group, as the text of a rule file. */
  readonly file: string;
}

/** The rules that can be made out, in their order. What is broken is left out: the server's check says what is wrong with it. */
export function rulesIn(text: string): RuleInText[] {
  const lines = new LineCounter();
  const root: unknown = parseDocument(text, { lineCounter: lines, uniqueKeys: false }).contents;
  const groups = isMap(root) ? root.get('groups') : undefined;
  if (!isSeq(groups)) return [];
  return groups.items.filter(isMap).flatMap((group) => {
    const rules = group.get('rules');
    if (!isSeq(rules)) return [];
    return rules.items.filter(isMap).flatMap((rule) => ruleOf(rule, group, text, lines) ?? []);
  });
}

/** The rule that a line belongs to: the one that it stands in, or the last one above. */
export const ruleAtLine = (rules: readonly RuleInText[], line: number): RuleInText | undefined =>
  rules.find((rule) => rule.fromLine <= line && line <= rule.toLine) ??
  rules.findLast((rule) => rule.fromLine <= line) ??
  rules[0];

function ruleOf(rule: YAMLMap, group: YAMLMap, text: string, lines: LineCounter): RuleInText | undefined {
  const [alert, record, expr] = ['alert', 'record', 'expr'].map((key) => textAt(rule, key));
  const name = alert ?? record;
  if (name === undefined || expr === undefined || !rule.range) return undefined;
  const [start, end] = rule.range;
  const ownText = text.slice(start, end).trimEnd();
  const { rules: _, ...rest } = group.toJSON() as Record<string, unknown>;
  return {
    group: textAt(group, 'name') ?? '',
    name,
    kind: alert === undefined ? 'recording' : 'alerting',
    expr: expr.trim(),
    fromLine: lines.linePos(start).line,
    toLine: lines.linePos(start + ownText.length).line,
    // JSON is YAML, so it needs no printer of its own.
    file: JSON.stringify({ groups: [{ ...rest, rules: [rule.toJSON()] }] }),
  };
}

function textAt(map: YAMLMap, key: string): string | undefined {
  const node = map.get(key, true);
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : typeof node.value === 'number' ? String(node.value) : undefined;
}

/**
 * The text of a file with a rule of another file added in a group of its own at its end, with the comments and the writing that
 * it has. Throws when the file does not hold its groups as a list of lines.
 */
export function withRule(text: string, rule: RuleInText, from: string): string {
  const names = new Set(rulesIn(text).map((known) => known.group));
  let group = rule.group;
  for (let count = 2; names.has(group); count++) group = `${rule.group}-${count}`;
  const source = from.split('\n').slice(rule.fromLine - 1, rule.toLine);
  const margin = /^\s*/.exec(source[0] ?? '')?.[0].length ?? 0;
  const indent = indentOf(text);
  const added = [
    `- name: ${JSON.stringify(group)}`,
    ...settingsOf(rule).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    '  rules:',
    ...source.map((line) => `    ${line.slice(Math.min(margin, line.length - line.trimStart().length))}`),
  ].map((line) => (line.trim() === '' ? '' : indent + line));
  const before = text.trim() === '' ? 'groups:' : text.trimEnd();
  return `${before}\n\n${added.join('\n')}\n`;
}

/** What the rule's group says beside its name and rules: interval, limit, labels. */
function settingsOf(rule: RuleInText): [string, unknown][] {
  const { groups } = JSON.parse(rule.file) as { groups: Record<string, unknown>[] };
  return Object.entries(groups[0] ?? {}).filter(([key]) => key !== 'name' && key !== 'rules');
}

function indentOf(text: string): string {
  if (text.trim() === '') return '  ';
  const root: unknown = parseDocument(text).contents;
  const groups = isMap(root) ? root.get('groups') : undefined;
  if (isMap(root) && root.has('groups') && (groups === null || groups === undefined)) return '  ';
  if (!isSeq(groups) || groups.flow || !groups.range)
    throw new Error('The file does not hold its groups as a list of lines. Copy the rule by hand.');
  const start = groups.range[0];
  return ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
}
