import { createMatcher, Labels, parseExpr } from '@opsroom/promql';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testConfig } from '../../apps/api/src/config/config.fixture.js';
import { ReloadService } from '../../apps/api/src/config/reload.service.js';
import { QueryableQuery } from '../../apps/api/src/rules/evaluation/queryable-query.js';
import { LiveRuleQuery } from '../../apps/api/src/rules/live-rule-query.js';
import { ruleQueryOptions } from '../../apps/api/src/rules/rule-query-options.js';
import { RulesService } from '../../apps/api/src/rules/rules.service.js';
import { put, STALE, TestStore } from '../../apps/api/src/storage/test-store.fixture.js';

/** Rules that read the sources', each other's and their own series, within a group and across groups. */
const RULES = `groups:
- name: now
  interval: 1s
  rules:
  - {record: a:x, expr: sum by (a) (x)}
  - {record: a:both, expr: a:x + on (a) sum by (a) (y)}
  - {alert: High, expr: 'a:both > 20', for: 2s, keep_firing_for: 3s, annotations: {value: '{{ $value }}'}}
  - {alert: Firing, expr: 'count by (alertname) (ALERTS{alertstate="firing", alertname!="Firing"}) > 0'}
- name: later
  interval: 5s
  query_offset: 2s
  rules:
  - {record: a:rate, expr: 'sum by (a) (rate(x[10s]))'}
  - {alert: Fast, expr: 'a:rate > 1 or max_over_time(x[7s]) > 40'}
  - {alert: Gone, expr: 'absent(x{a="1"})'}
  - {alert: Silent, expr: 'x{a="2"} > 100', annotations: {opsroom_on_nodata: alert}}
  - {record: a:top, expr: 'topk(1, x) - x offset 3s'}
`;

const SERIES = ['x 1 1', 'x 1 2', 'x 2 1', 'y 1 1', 'y 2 1'].map((text) => {
  const [name, a, b] = text.split(' ');
  return Labels.from({ __name__: name, a, b });
});

const step = fc.record({
  waitMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
    fc.integer({ min: 4_000, max: 20_000 }),
  ),
  samples: fc.array(
    fc.record({
      series: fc.nat(SERIES.length - 1),
      ageMs: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 40, 300) }, fc.integer({ min: -1_500, max: 9_000 })),
      value: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 50 }) },
        fc.constantFrom<(number | typeof STALE)[]>(STALE, NaN, 0.1, Infinity),
      ),
    }),
    { maxLength: 4 },
  ),
  deleted: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.nat(SERIES.length - 1)),
  reload: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Everything that a server with these rules says and writes while it is fed, as text. */
async function story(folder: string, steps: readonly Step[], kept: boolean): Promise<string[]> {
  const samples = new TestStore();
  const { store, clock } = samples;
  const config = testConfig({
    ruleFiles: [join(folder, 'rules.yml')],
    process: { configFile: join(folder, 'opsroom.yml') },
    query: { lookbackMs: 12_000 },
  });
  const query = kept
    ? new LiveRuleQuery(store, config, clock)
    : new QueryableQuery(store, ruleQueryOptions(config, clock));
  const service = new RulesService(config, clock, store, query, new ReloadService());
  const told: string[] = [];
  service.evaluations$.subscribe(({ rule, atMs, outcome }) => told.push(JSON.stringify([rule.name, atMs, outcome])));
  store.commits$.subscribe((commit) => {
    if (commit.source !== 'rules') return;
    for (let i = 0; i < commit.count; i++) {
      told.push(`${store.labelsOf(commit.refs[i])?.key} ${commit.timestamps[i]} ${commit.values[i]}`);
    }
  });
  service.onApplicationBootstrap();
  for (const { waitMs, samples: arriving, deleted, reload } of steps) {
    clock.advance(waitMs);
    for (const { series, ageMs, value } of arriving) put(store, SERIES[series], [[clock.nowMs() - ageMs, value]]);
    if (deleted !== undefined) {
      const matchers = SERIES[deleted].names.map((name) => createMatcher(name, '=', SERIES[deleted].get(name)));
      store.deleteSeries([matchers], clock.nowMs() - 8_000, Infinity);
    }
    if (reload) service.reload();
  }
  clock.advance(6_000);
  service.onModuleDestroy();
  if (query instanceof LiveRuleQuery) {
    told.push(`live: ${query.following.rules}`);
    query.onModuleDestroy();
  } else told.push('live: 9');
  await samples.close();
  return told;
}

describe('rules from live plans', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-rules-live-'));
    writeFileSync(join(folder, 'rules.yml'), RULES);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('tell and record what rules from the store do, whatever comes, late, twice or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        expect(await story(folder, steps, true)).toEqual(await story(folder, steps, false));
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('hold nothing for rules that are no longer followed', async () => {
    const { store, clock, ...samples } = new TestStore();
    const query = new LiveRuleQuery(store, testConfig(), clock);
    const [first, second] = [parseExpr('sum(x)'), parseExpr('rate(x[5m]) > y')];
    put(store, SERIES[0], [[clock.nowMs(), 1]]);
    put(store, SERIES[3], [[clock.nowMs(), 1]]);
    query.follow([first, second]);
    for (const expr of [first, second]) for (let run = query.run(expr, '', clock.nowMs()); !run.next().done;);
    expect(query.following).toEqual({ rules: 2, series: 3 });
    query.follow([second]);
    expect(query.following).toEqual({ rules: 1, series: 2 });
    query.follow([]);
    expect(query.following).toEqual({ rules: 0, series: 0 });
    query.onModuleDestroy();
    await store.close();
    rmSync(samples.folder, { recursive: true });
  });
});
