import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultQueryOptions, Labels } from '@opsroom/promql';
import { testConfig } from '../../config/config.fixture.js';
import { ReloadService } from '../../config/reload.service.js';
import { SystemClock } from '../../model/clock.js';
import { QueryableQuery } from '../evaluation/queryable-query.js';
import { MemoryStore } from '../memory-store.fixture.js';
import { RulesService } from '../rules.service.js';
import { RuleEditorService } from './rule-editor.service.js';

const NOW = 1_700_000_000_000;

/** Real timers, for the slices of a query, at a wall time of the test's own. */
class FixedClock extends SystemClock {
  override nowMs(): number {
    return NOW;
  }
}

const rules = (expr: string): string =>
  `groups:\n- name: g\n  interval: 15s\n  rules:\n  - alert: High\n    expr: ${expr}\n    for: 30s\n`;

describe('the editor of rules', () => {
  let folder: string;
  let store: MemoryStore;
  let service: RulesService;
  let editor: RuleEditorService;

  const open = (ruleFiles: string[]): void => {
    const config = testConfig({ ruleFiles, process: { configFile: join(folder, 'opsroom.yml') } });
    const clock = new FixedClock();
    service = new RulesService(
      config,
      clock,
      store.asStore,
      new QueryableQuery(store, defaultQueryOptions),
      new ReloadService(),
    );
    editor = new RuleEditorService(config, clock, store.asStore, service);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'editor-'));
    writeFileSync(join(folder, 'a.yml'), rules('x > 1'));
    store = new MemoryStore();
    open([join(folder, '*.yml')]);
  });
  afterEach(() => {
    service.onModuleDestroy();
    rmSync(folder, { recursive: true });
  });

  it('says what is wrong with a text and in which line', () => {
    expect(editor.check('a.yml', rules('rat(x[1m])'))).toEqual([
      { message: 'a.yml:6: unknown function "rat"; did you mean "rate"?', line: 6 },
    ]);
    expect(editor.check('a.yml', rules('x > 2'))).toEqual([]);
  });

  it('tells how often and for how long rules would have fired', async () => {
    const labels = Labels.from({ __name__: 'x', job: 'a' });
    const startMs = NOW - 3_600_000;
    for (let minute = 0; minute < 60; minute++) {
      const high = (minute >= 10 && minute < 15) || (minute >= 30 && minute < 32);
      for (let part = 0; part < 4; part++)
        store.series.append(labels, startMs + minute * 60_000 + part * 15_000, high ? 5 : 0);
    }
    const { rules: tested, stepMs } = await editor.backTest('a.yml', rules('x > 1'), 3_600_000);
    expect(stepMs).toBe(15_000);
    expect(tested).toHaveLength(1);
    expect(tested[0]).toMatchObject({ name: 'High', fired: 2, firingMs: 4.5 * 60_000 + 1.5 * 60_000 });
    expect(tested[0].episodes.map(({ labels: set, value }) => [set, value])).toEqual([
      [{ alertname: 'High', job: 'a' }, 5],
      [{ alertname: 'High', job: 'a' }, 5],
    ]);
  });

  it('tells which rule cannot be evaluated', async () => {
    store.series.append(Labels.from({ __name__: 'x', a: '1', b: '1' }), NOW - 60_000, 1);
    store.series.append(Labels.from({ __name__: 'x', a: '1', b: '2' }), NOW - 60_000, 1);
    const { rules: tested } = await editor.backTest('a.yml', rules('x * on (a) x > 0'), 600_000);
    expect(tested[0].error).toBeTruthy();
    await expect(editor.backTest('a.yml', 'groups: 1', 600_000)).rejects.toThrow('a.yml:1: groups must be a list');
  });

  it('writes a file and puts it in force', () => {
    const [file] = editor.files();
    expect(file).toMatchObject({ name: 'a.yml', text: rules('x > 1') });
    const written = editor.write('a.yml', rules('x > 3'), file.version);
    expect(written.changes).toBe('changed High');
    expect(readFileSync(join(folder, 'a.yml'), 'utf8')).toBe(rules('x > 3'));
    expect(service.groups()[0].rules[0].rule.expr).toBe('x > 3');
    expect(() => editor.write('a.yml', rules('x > 4'), file.version)).toThrow('has changed since it was read');
    expect(editor.files()[0].version).toBe(written.file.version);
  });

  it('shows the built-in rules beside the files in force, to be copied from', () => {
    const files = editor.files();
    expect(files.map(({ name }) => name)).toEqual(['a.yml', 'built-in/host.yml']);
    expect(files[1].readOnly).toContain('not in force');
    expect(() => editor.write(files[1].name, rules('x'), files[1].version)).toThrow('names no file built-in/host.yml');
  });

  it('does not write what cannot be read, what it does not know and what is built in', () => {
    const [{ version }] = editor.files();
    expect(() => editor.write('a.yml', rules('x >'), version)).toThrow('a.yml:6');
    expect(() => editor.write('../passwd', rules('x'), version)).toThrow('names no file ../passwd');
    service.onModuleDestroy();
    open([]);
    const [builtIn] = editor.files();
    expect(builtIn).toMatchObject({ name: 'built-in/host.yml', readOnly: expect.stringContaining('built in') });
    expect(() => editor.write(builtIn.name, rules('x'), builtIn.version)).toThrow('built-in rules cannot be written');
  });

  it('makes a file where rule_files reads it, and removes it again', () => {
    expect(editor.newFiles()).toEqual({ places: [{ folder: '', pattern: '*.yml' }] });
    const { file, changes } = editor.create('b.yml', rules('y > 1'));
    expect(changes).toBe('added High');
    expect(readFileSync(join(folder, 'b.yml'), 'utf8')).toBe(rules('y > 1'));
    expect(service.groups().map((group) => group.rules[0].rule.expr)).toEqual(['x > 1', 'y > 1']);
    expect(() => editor.create('b.yml', rules('y > 2'))).toThrow('b.yml is there already');

    expect(() => editor.remove('b.yml', 'other')).toThrow('has changed since it was read');
    expect(editor.remove('b.yml', file.version)).toEqual({ changes: 'removed High' });
    expect(existsSync(join(folder, 'b.yml'))).toBe(false);
    expect(service.groups().map((group) => group.rules[0].rule.expr)).toEqual(['x > 1']);
  });

  it('makes no file that rule_files would not read, that is elsewhere or that is wrong', () => {
    const wanted = 'a new file is *.yml, of letters, digits and . _ -';
    for (const name of ['b.yaml', '../b.yml', 'sub/b.yml', '.b.yml', 'b c.yml', ''])
      expect(() => editor.create(name, rules('y'))).toThrow(wanted);
    expect(() => editor.create('b.yml', rules('y >'))).toThrow('b.yml:6');
    expect(existsSync(join(folder, 'b.yml'))).toBe(false);
  });

  it('says why no file can be made, and what instead', () => {
    service.onModuleDestroy();
    open([join(folder, 'a.yml')]);
    expect(editor.newFiles()).toEqual({ places: [], none: expect.stringContaining("add one, such as 'rules/*.yml'") });
    expect(() => editor.create('b.yml', rules('y'))).toThrow('no pattern of rule_files in opsroom.yml takes new files');
    service.onModuleDestroy();
    open([join(folder, 'a.yml'), join(folder, 'none', '*.yml')]);
    expect(editor.newFiles().none).toContain(`${join(folder, 'none')} cannot be written: there is no such folder`);
  });

  it('keeps a file that rule_files names itself', () => {
    service.onModuleDestroy();
    open([join(folder, 'a.yml')]);
    const [file] = editor.files();
    expect(file.kept).toContain('named under rule_files');
    expect(() => editor.remove('a.yml', file.version)).toThrow('take it out there before it is removed');
  });
});
