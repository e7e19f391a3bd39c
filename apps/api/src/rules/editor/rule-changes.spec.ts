import { parseRuleFile } from '../files/parse-rule-file.js';
import type { RuleGroup } from '../files/rule-group.js';
import { ruleChanges } from './rule-changes.js';

const OPTIONS = { intervalMs: 15_000, queryOffsetMs: 0, experimental: false };
const groups = (rules: string): readonly RuleGroup[] =>
  parseRuleFile('a.yml', `groups:\n- name: g\n  rules: [${rules}]\n`, OPTIONS).groups;

describe('ruleChanges', () => {
  it('names rules that are new, different and gone', () => {
    const before = groups('{alert: A, expr: x}, {alert: B, expr: x}, {record: c, expr: x}');
    const after = groups('{alert: A, expr: x}, {alert: B, expr: x, for: 5m}, {alert: D, expr: x}');
    expect(ruleChanges(before, after)).toBe('added D; changed B; removed c');
  });

  it('tells rules of one name apart by their place', () => {
    const before = groups('{alert: A, expr: x > 1}, {alert: A, expr: x > 2}');
    expect(ruleChanges(before, groups('{alert: A, expr: x > 1}'))).toBe('removed A');
  });

  it('says nothing when no rule is different', () => {
    expect(ruleChanges(groups('{alert: A, expr: x}'), groups(' {alert: A, expr: x} '))).toBe('');
  });

  it('names a few of many', () => {
    const many = Array.from({ length: 7 }, (_, i) => `{alert: A${i}, expr: x}`).join();
    expect(ruleChanges([], groups(many))).toBe('added A0, A1, A2, A3, A4 and 2 more');
  });
});
