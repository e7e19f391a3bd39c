import { newFileName, newFileText } from './new-rule-file.js';

describe('the name of a new rule file', () => {
  it.each([
    ['rules/', '*.yml', 'payments', 'rules/payments.yml'],
    ['rules/', '*.yml', ' payments.yml ', 'rules/payments.yml'],
    ['', '*.rules.yml', 'api', 'api.rules.yml'],
    ['rules/', 'team-*.yml', 'team-a.yml', 'rules/team-a.yml'],
    ['rules/', '*.yml', ' ', ''],
  ])('in %j with %j from %j is %j', (folder, pattern, typed, name) => {
    expect(newFileName({ folder, pattern }, typed)).toBe(name);
  });
});

it('a new rule file has a group of its own name', () => {
  expect(newFileText('rules/payments.yml')).toContain('- name: "payments"\n');
});
