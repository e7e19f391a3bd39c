import type { Rule, RuleGroup } from '../files/rule-group.js';

const MOST_NAMES = 5;

/**
 * What a new version of a file does to its rules, for the audit: `added A; changed B; removed C`. Rules are told apart by
 * group, name and place among those of that name. '' when no rule is different (comments, order, a group's interval).
 */
export function ruleChanges(before: readonly RuleGroup[], after: readonly RuleGroup[]): string {
  const [old, now] = [definitions(before), definitions(after)];
  const named = (word: string, ids: readonly string[]): string[] => {
    const names = [...new Set(ids.map((id) => now.get(id)?.name ?? old.get(id)?.name ?? ''))];
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    return names.length === 0 ? [] : [`${word} ${names.slice(0, MOST_NAMES).join(', ')}${more}`];
  };
  return [
    ...named(
      'added',
      [...now.keys()].filter((id) => !old.has(id)),
    ),
    ...named(
      'changed',
      [...now.keys()].filter((id) => old.has(id) && old.get(id)?.text !== now.get(id)?.text),
    ),
    ...named(
      'removed',
      [...old.keys()].filter((id) => !now.has(id)),
    ),
  ].join('; ');
}

function definitions(groups: readonly RuleGroup[]): Map<string, { name: string; text: string }> {
  return new Map(
    groups.flatMap(({ rules }) => rules.map((rule) => [rule.id, { name: rule.name, text: textOf(rule) }])),
  );
}

/** All that a rule says, without its parsed expression. */
function textOf({ parsed: _, ...rule }: Rule): string {
  return JSON.stringify(rule);
}
