import { ruleAtLine, rulesIn, withRule } from './rules-in-text.js';

const FILE = `# Rules of the shop.
groups:
  - name: shop
    interval: 5s
    labels: {team: shop}
    rules:
      - record: shop:rate
        expr: rate(x[1m])

      # Loud.
      - alert: Loud
        expr: |
          shop:rate
            > 3
        for: 1m
  - name: other
    rules:
      - {alert: Flow, expr: up == 0}
`;

describe('rulesIn', () => {
  it('finds every rule with its group, its expression and its lines', () => {
    expect(rulesIn(FILE).map(({ file: _, ...rule }) => rule)).toEqual([
      { group: 'shop', name: 'shop:rate', kind: 'recording', expr: 'rate(x[1m])', fromLine: 7, toLine: 8 },
      { group: 'shop', name: 'Loud', kind: 'alerting', expr: 'shop:rate\n  > 3', fromLine: 11, toLine: 15 },
      { group: 'other', name: 'Flow', kind: 'alerting', expr: 'up == 0', fromLine: 18, toLine: 18 },
    ]);
  });

  it('gives each rule alone in its group', () => {
    expect(JSON.parse(rulesIn(FILE)[1]?.file ?? '')).toEqual({
      groups: [
        {
          name: 'shop',
          interval: '5s',
          labels: { team: 'shop' },
          rules: [{ alert: 'Loud', expr: 'shop:rate\n  > 3\n', for: '1m' }],
        },
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['no groups', 'rules: []'],
    ['half a file', 'groups:\n- name: a\n  rules:\n  - alert: A\n  - expr'],
    ['what is no YAML', 'groups: [}{'],
  ])('finds none in %s', (_, text) => {
    expect(rulesIn(text)).toEqual([]);
  });
});

describe('ruleAtLine', () => {
  it.each([
    [1, 'shop:rate'],
    [8, 'shop:rate'],
    [9, 'shop:rate'],
    [13, 'Loud'],
    [16, 'Loud'],
    [18, 'Flow'],
    [99, 'Flow'],
  ])('on line %d is %s', (line, name) => {
    expect(ruleAtLine(rulesIn(FILE), line)?.name).toBe(name);
  });
});

describe('withRule', () => {
  const [, loud] = rulesIn(FILE);
  if (!loud) throw new Error('the rule is not found');

  it.each([
    ['an empty file', '', '  '],
    ['a file without groups yet', 'groups:\n', '  '],
    ['a file with indented groups', 'groups:\n  - name: a\n    rules: []\n', '  '],
    ['a file with groups at the margin', 'groups:\n- name: a\n  rules: []\n', ''],
  ])('adds a rule to %s', (_, text, indent) => {
    const changed = withRule(text, loud, FILE);
    expect(changed.startsWith(text.trimEnd())).toBe(true);
    expect(changed).toContain(`\n${indent}- name: "shop"\n${indent}  interval: "5s"\n`);
    expect(changed).toContain(`\n${indent}  rules:\n${indent}    - alert: Loud\n`);
    expect(rulesIn(changed)).toMatchObject([{ group: 'shop', name: 'Loud', expr: 'shop:rate\n  > 3' }]);
  });

  it('gives the group a name that the file does not have', () => {
    expect(rulesIn(withRule(FILE, loud, FILE)).at(-1)).toMatchObject({ group: 'shop-2', name: 'Loud' });
  });

  it('says so when the file is not written in lines', () => {
    expect(() => withRule('groups: [{name: a, rules: []}]', loud, FILE)).toThrow('Copy the rule by hand');
  });
});
