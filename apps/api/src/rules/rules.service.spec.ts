import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher, defaultQueryOptions, isStale, Labels } from '@opsroom/promql';
import { testConfig } from '../config/config.fixture.js';
import { ReloadService } from '../config/reload.service.js';
import { ManualClock } from '../model/manual-clock.fixture.js';
import type { Evaluation } from '../model/evaluation.js';
import { QueryableQuery } from './evaluation/queryable-query.js';
import { MemoryStore } from './memory-store.fixture.js';
import { RulesService } from './rules.service.js';

const START = 1_700_000_000_000;
const labelsOf = (set: Record<string, string>): Labels => Labels.from(set);

describe('rules', () => {
  let folder: string;
  let store: MemoryStore;
  let clock: ManualClock;
  let reloads: ReloadService;
  const services: RulesService[] = [];
  let evaluations: Evaluation[];

  const start = (yaml: string, over: object = {}): RulesService => {
    writeFileSync(join(folder, 'rules.yml'), yaml);
    const config = testConfig({
      ruleFiles: [join(folder, '*.yml')],
      process: { configFile: join(folder, 'opsroom.yml') },
      ...over,
    });
    const service = new RulesService(
      config,
      clock,
      store.asStore,
      new QueryableQuery(store, defaultQueryOptions),
      reloads,
    );
    service.evaluations$.subscribe((evaluation) => evaluations.push(evaluation));
    service.onApplicationBootstrap();
    services.push(service);
    return service;
  };
  /** What the store holds of a metric: `labels time-after-start value`. */
  const stored = (name: string): string[] => {
    const found: string[] = [];
    for (const series of store.select([createMatcher('__name__', '=', name)], 0, Infinity)) {
      const { __name__: _, ...labels } = series.labels.toObject();
      for (let i = series.from; i < series.to; i++) {
        const value = isStale(series.values, i) ? 'stale' : series.values[i];
        found.push(`${JSON.stringify(labels)} ${(series.timestamps[i] - START) / 1000} ${value}`);
      }
    }
    return found;
  };
  const states = (): string[] =>
    evaluations.map(({ outcome }) =>
      outcome.kind === 'error'
        ? `error ${outcome.message}`
        : outcome.elements.map((e) => `${e.condition} ${e.value}`).join(', ') + (outcome.nodata ? 'nodata' : ''),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    store = new MemoryStore();
    clock = new ManualClock(START);
    reloads = new ReloadService();
    evaluations = [];
  });
  afterEach(() => {
    for (const service of services.splice(0)) service.onModuleDestroy();
    rmSync(folder, { recursive: true });
  });

  const group = (rules: string, interval = '1s'): string =>
    `groups:\n- name: g\n  interval: ${interval}\n  rules:\n${rules}`;

  it('writes what recording rules give, and ends the series that vanish', () => {
    const service = start(group('  - record: r:sum\n    expr: sum by (job) (x) > 1\n    labels: {by: rule}'));
    store.arrive({ __name__: 'x', job: 'a' }, START, 5);
    clock.advance(1_000);
    store.arrive({ __name__: 'x', job: 'a' }, START + 1_500, 0);
    clock.advance(1_000);
    const [series] = new Set(stored('r:sum').map((line) => line.split(' ')[0]));
    expect(series).toBe('{"by":"rule","job":"a"}');
    expect(stored('r:sum').map((line) => line.split(' ').at(-1))).toEqual(expect.arrayContaining(['5', 'stale']));
    expect(service.groups()[0].rules[0]).toMatchObject({ health: 'ok', lastError: '' });
  });

  it('sees in each rule what those before it wrote', () => {
    start(group('  - record: a\n    expr: vector(1)\n  - record: b\n    expr: a + 1'));
    clock.advance(1_000);
    expect(stored('b')).toEqual(['{} 1 2']);
  });

  it('writes ALERTS and ALERTS_FOR_STATE while an alert is pending and firing', () => {
    start(
      group(
        '  - alert: High\n    expr: x > 1\n    for: 2s\n    labels: {severity: page}\n    annotations: {s: "{{ $labels.job }} at {{ $value }}"}',
      ),
      {},
    );
    store.series.append(labelsOf({ __name__: 'x', job: 'a' }), START, 7);
    clock.advance(3_000);
    expect(states()).toEqual(['pending 7', 'pending 7', 'firing 7']);
    expect(evaluations[0].outcome).toMatchObject({
      elements: [{ annotations: { s: 'a at 7' }, activeAtMs: START + 1_000 }],
    });
    expect(stored('ALERTS')).toEqual([
      '{"alertname":"High","alertstate":"pending","job":"a","severity":"page"} 1 1',
      '{"alertname":"High","alertstate":"pending","job":"a","severity":"page"} 2 1',
      '{"alertname":"High","alertstate":"pending","job":"a","severity":"page"} 3 stale',
      '{"alertname":"High","alertstate":"firing","job":"a","severity":"page"} 3 1',
    ]);
    expect(stored('ALERTS_FOR_STATE')).toHaveLength(3);
  });

  it('keeps what an alert had fulfilled of its for over a restart', () => {
    const yaml = group('  - alert: High\n    expr: x > 1\n    for: 60s', '10s');
    start(yaml);
    store.series.append(labelsOf({ __name__: 'x' }), START, 7);
    clock.advance(50_000);
    services[0].onModuleDestroy();
    clock.advance(20_000);
    evaluations.length = 0;
    start(yaml);
    clock.advance(40_000);
    expect(states().map((state) => state.split(' ')[0])).toEqual(['pending', 'pending', 'firing', 'firing']);
  });

  it('is evaluated on arrival where it asks for it', () => {
    start(group('  - alert: High\n    expr: x > 1'));
    clock.advance(200);
    store.arrive({ __name__: 'x' }, START + 200, 9);
    expect(evaluations).toEqual([]);
    clock.advance(50);
    expect(states()).toEqual(['firing 9']);
    expect(evaluations[0].atMs).toBe(START + 250);
  });

  it('gives way to other work within a heavy evaluation, and skips what falls due meanwhile', () => {
    let elapsedMs = 0;
    // Every look at the clock takes ten milliseconds: the evaluator pauses as often as it can.
    const query = new QueryableQuery(store, { ...defaultQueryOptions, elapsedMs: () => (elapsedMs += 10) });
    for (let i = 0; i < 50; i++) store.series.append(labelsOf({ __name__: 'x', i: String(i) }), START, i);
    writeFileSync(
      join(folder, 'rules.yml'),
      group('  - alert: Many\n    expr: sum by (i) (x) + on (i) sum by (i) (x) >= 0'),
    );
    const service = new RulesService(
      testConfig({ ruleFiles: [join(folder, '*.yml')] }),
      clock,
      store.asStore,
      query,
      reloads,
    );
    services.push(service);
    service.evaluations$.subscribe((evaluation) => evaluations.push(evaluation));
    let pauses = 0;
    const after = clock.after.bind(clock);
    clock.after = (delayMs) => {
      if (delayMs === 0) pauses++;
      return after(delayMs);
    };
    service.onApplicationBootstrap();
    clock.advance(1_000);
    expect(pauses).toBeGreaterThan(0);
    expect(evaluations).toHaveLength(1);
    expect(states()[0].split(', ')).toHaveLength(50);
  });

  it('waits for its interval otherwise', () => {
    start(group('  - alert: High\n    expr: x > 1', '30s'));
    store.arrive({ __name__: 'x' }, START + 200, 9);
    clock.advance(500);
    expect(evaluations).toHaveLength(0);
    clock.advance(30_000);
    expect(evaluations).toHaveLength(1);
  });

  it('says that an expression reads no data, and does what the rule asks for then', () => {
    const policy = (name: string, value: string): string =>
      `  - alert: ${name}\n    expr: x > 1\n    annotations: {opsroom_on_nodata: ${value}}`;
    start(group([policy('A', 'resolve'), policy('B', 'keep'), policy('C', 'alert')].join('\n')));
    store.series.append(labelsOf({ __name__: 'x' }), START, 9);
    clock.advance(1_000);
    expect(states()).toEqual(['firing 9', 'firing 9', 'firing 9']);
    store.series.appendStale(labelsOf({ __name__: 'x' }), START + 1_500);
    evaluations.length = 0;
    clock.advance(1_000);
    expect(states()).toEqual(['nodata', 'firing 9nodata', 'firing 9, firing NaNnodata']);
    const added = evaluations[2].outcome.kind === 'vector' ? evaluations[2].outcome.elements[1] : undefined;
    expect(added?.labels.toObject()).toEqual({ alertname: 'C', opsroom_condition: 'nodata' });
  });

  it('keeps the alerts of a rule that fails, and says why', () => {
    const service = start(group('  - alert: High\n    expr: x * on (a) y > 0'));
    store.series.append(labelsOf({ __name__: 'x', a: '1' }), START, 9);
    store.series.append(labelsOf({ __name__: 'y', a: '1', b: '1' }), START, 1);
    clock.advance(1_000);
    store.series.append(labelsOf({ __name__: 'y', a: '1', b: '2' }), START + 1_000, 1);
    clock.advance(1_000);
    expect(states()[0]).toBe('firing 9');
    expect(states()[1]).toMatch(/^error .*many-to-many|error .*duplicate/);
    expect(service.groups()[0].rules[0].health).toBe('err');
    expect(service.status()).toMatchObject([{ file: 'rules.yml', group: 'g', failing: 1, rules: 1 }]);
  });

  it('refuses a result over the limit of its group, and labels that collide', () => {
    const service = start(
      'groups:\n- name: g\n  interval: 1s\n  limit: 1\n  rules:\n  - record: r\n    expr: x\n  - record: s\n    expr: x\n    labels: {a: ""}',
    );
    store.series.append(labelsOf({ __name__: 'x', a: '1' }), START, 1);
    store.series.append(labelsOf({ __name__: 'x', a: '2' }), START, 1);
    clock.advance(1_000);
    expect(service.groups()[0].rules.map((rule) => rule.lastError)).toEqual([
      'exceeded limit of 1 with 2 series',
      'vector contains metrics with the same labelset after applying rule labels',
    ]);
  });

  it('answers queries within templates', () => {
    start(
      group(
        '  - alert: High\n    expr: x > 1\n    annotations: {s: \'{{ range query "y" }}{{ .Labels.n }}={{ .Value }};{{ end }}{{ with query "nope(" }}{{ end }}\'}',
      ),
    );
    store.series.append(labelsOf({ __name__: 'x' }), START, 9);
    store.series.append(labelsOf({ __name__: 'y', n: '1' }), START, 2);
    clock.advance(1_000);
    const { outcome } = evaluations[0];
    expect(outcome.kind === 'vector' && outcome.elements[0].annotations.s).toMatch(
      /^<error expanding template: .*nope/,
    );
  });

  it('takes new files, keeps the alerts of rules that stay and ends those that go', () => {
    const service = start(group('  - alert: A\n    expr: x > 1\n    for: 2s\n  - alert: B\n    expr: x > 1'));
    store.series.append(labelsOf({ __name__: 'x' }), START, 9);
    clock.advance(2_100);
    evaluations.length = 0;
    writeFileSync(join(folder, 'rules.yml'), group('  - alert: A\n    expr: x > 2\n    for: 2s'));
    expect(service.reload()).toEqual([]);
    expect(evaluations.map((e) => e.rule.name)).toEqual(['B']);
    expect(states()).toEqual(['']);
    clock.advance(1_000);
    expect(states().at(-1)).toBe('firing 9');
    expect(
      stored('ALERTS')
        .filter((line) => line.includes('"B"'))
        .at(-1),
    ).toContain('stale');
  });

  it('keeps its rules when the new files are wrong, and says all that is', () => {
    const service = start(group('  - alert: A\n    expr: x > 1'));
    writeFileSync(join(folder, 'rules.yml'), group('  - alert: A\n    expr: x >'));
    expect(service.reload()).toEqual([expect.stringMatching(/^rules\.yml:6: /)]);
    expect(service.groups()).toHaveLength(1);
  });

  it('reloads with everything else that reads files', async () => {
    const service = start(group('  - alert: A\n    expr: x > 1'));
    writeFileSync(join(folder, 'rules.yml'), group('  - alert: B\n    expr: x > 1'));
    expect(await reloads.reload()).toEqual([{ name: 'rules', error: undefined }]);
    expect(service.groups()[0].rules[0].rule.name).toBe('B');
    writeFileSync(join(folder, 'rules.yml'), 'groups: 1');
    expect((await reloads.reload())[0].error).toContain('rules.yml:1: groups must be a list');
  });

  it('does not start with files that are wrong', () => {
    expect(() => start(group('  - alert: A\n    expr: rat(x[1m])'))).toThrow(
      'rules.yml:6: unknown function "rat"; did you mean "rate"?',
    );
  });

  it('brings rules for this machine that can be evaluated', () => {
    const service = new RulesService(
      testConfig(),
      clock,
      store.asStore,
      new QueryableQuery(store, defaultQueryOptions),
      reloads,
    );
    services.push(service);
    service.onApplicationBootstrap();
    const machine = { instance: 'web-1', job: 'node' };
    for (let second = 0; second <= 120; second += 5) {
      const timeMs = START + second * 1_000;
      store.series.append(
        labelsOf({ ...machine, __name__: 'node_cpu_seconds_total', cpu: '0', mode: 'idle' }),
        timeMs,
        second * 0.02,
      );
      store.series.append(labelsOf({ ...machine, __name__: 'node_memory_MemTotal_bytes' }), timeMs, 100);
      store.series.append(labelsOf({ ...machine, __name__: 'node_memory_MemAvailable_bytes' }), timeMs, 2);
      store.series.append(labelsOf({ ...machine, __name__: 'node_load1' }), timeMs, 1);
    }
    service.evaluations$.subscribe((evaluation) => evaluations.push(evaluation));
    clock.advance(200_000);
    const fired = new Set(
      evaluations.flatMap(({ outcome, rule }) =>
        outcome.kind === 'vector' && outcome.elements.some((e) => e.condition === 'firing') ? [rule.name] : [],
      ),
    );
    expect([...fired].sort()).toEqual(['HostHighCpu', 'HostLowMemory', 'HostOutOfMemory', 'SourceStale']);
    expect(service.groups().flatMap(({ rules }) => rules.filter((rule) => rule.health === 'err'))).toEqual([]);
    const cpu = evaluations.find(
      (e) => e.rule.name === 'HostHighCpu' && e.outcome.kind === 'vector' && e.outcome.elements.length > 0,
    );
    expect(cpu?.outcome).toMatchObject({
      elements: [{ annotations: { summary: expect.stringMatching(/^CPU of web-1 is 9\d\.?\d*% busy$/) } }],
    });
  });
});
