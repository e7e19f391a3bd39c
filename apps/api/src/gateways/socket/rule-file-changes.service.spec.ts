import { ManualClock } from '../../model/manual-clock.fixture.js';
import { AccountAudit } from '../../accounts/account-audit.js';
import type { RuleEditorService } from '../../rules/editor/rule-editor.service.js';
import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { RuleFileChanges } from './rule-file-changes.service.js';

const ana = { name: 'ana', address: '192.0.2.7' };
const file = { name: 'a.yml', text: '', version: 'v' };

describe('changes of rule files', () => {
  const open = (editor: Partial<RuleEditorService>) => {
    const audit = new AccountAudit(openTestDatabase());
    return { audit, changes: new RuleFileChanges(new ManualClock(), editor as RuleEditorService, audit) };
  };

  it('stand in the audit: who, what, which file, from where', () => {
    const { audit, changes } = open({
      create: () => ({ file, changes: 'added A' }),
      write: () => ({ file, changes: '' }),
      remove: () => ({ changes: 'removed A' }),
    });
    changes.create({ name: 'a.yml', text: '' }, ana);
    changes.write({ name: 'a.yml', text: '', version: 'v' }, ana);
    changes.remove({ name: 'a.yml', version: 'v' }, ana);
    const entries = audit.list(10).reverse();
    expect(entries.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['rules_created', 'added A'],
      ['rules_changed', 'no rule is different'],
      ['rules_removed', 'removed A'],
    ]);
    for (const entry of entries) expect(entry).toMatchObject({ actor: 'ana', subject: 'a.yml', address: '192.0.2.7' });
  });

  it('that are refused leave no entry', () => {
    const { audit, changes } = open({
      write: () => {
        throw new Error('refused');
      },
    });
    expect(() => changes.write({ name: 'a.yml', text: '', version: 'v' }, ana)).toThrow('refused');
    expect(audit.list(10)).toEqual([]);
  });
});
