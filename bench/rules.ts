// Rules over the store as their groups run them: from live plans, and from the store each time, over the same data in one run.
//   node --import ./test/support/ts-run.mjs bench/rules.ts [series] [seconds]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Expr, Labels, parseExpr } from '@opsroom/promql';
import { testConfig } from '../apps/api/src/config/config.fixture.js';
import { ManualClock } from '../apps/api/src/model/manual-clock.fixture.js';
import { atOnce, type RuleQuery } from '../apps/api/src/rules/evaluation/rule-query.js';
import { LiveRuleQuery } from '../apps/api/src/rules/live-rule-query.js';
import { defaultTsdbOptions, TsdbStore } from '../apps/api/src/storage/tsdb-store.js';

const SERIES = Number(process.argv[2] ?? 10_000);
const SECONDS = Number(process.argv[3] ?? 120);
const INSTANCES = 100;
const RULES = 500;
const WARM_UP_S = 320;

const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-rules-'));
const startMs = 1_700_000_000_000;
const clock = new ManualClock(startMs);
const store = TsdbStore.open(
  {
    ...defaultTsdbOptions,
    databaseFile: join(folder, 'samples.db'),
    logFolder: join(folder, 'log'),
    retentionMs: 0,
    retentionBytes: 0,
    outOfOrderWindowMs: 0,
    futureToleranceMs: Infinity,
    maxSeriesPerSource: 1_000_000,
  },
  clock,
);

/** What mixins ask: thresholds of gauges, rates by job, ratios, predictions, absences. */
function ruleOf(i: number): string {
  const metric = `bench_${i % (SERIES / INSTANCES)}`;
  const other = `bench_${(i + 1) % (SERIES / INSTANCES)}`;
  const forms = [
    `${metric} > 1e12`,
    `rate(${metric}[1m]) > 1e9`,
    `sum by (group) (rate(${metric}[5m])) > 1e9`,
    `${metric} / on (instance) ${other} > 1e9`,
    `avg by (group) (${metric}) > 1e12`,
    `absent(${metric}{instance="none"}) > 1`,
    `predict_linear(${metric}[5m], 3600) < 0`,
    `max_over_time(${metric}[1m]) > 1e12 and on (group) count by (group) (${other}) > 3`,
  ];
  return forms[i % forms.length];
}

const refs = Uint32Array.from({ length: SERIES }, (_, i) =>
  store.resolve(
    Labels.from({
      __name__: `bench_${Math.floor(i / INSTANCES)}`,
      instance: `i${i % INSTANCES}`,
      group: `g${i % 10}`,
    }),
    'bench',
  ),
);
let second = 0;
function arrive(): void {
  second++;
  clock.advance(1000);
  store.append({
    source: 'bench',
    receivedMs: clock.nowMs(),
    refs,
    timestamps: new Float64Array(SERIES).fill(clock.nowMs()),
    values: Float64Array.from(refs, (_, i) => second * (1 + (i % 7)) + (i % 13)),
    count: SERIES,
  });
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** CPU of `SECONDS` seconds of samples with all rules evaluated every `everyS`, in ms a second. */
function measured(query: RuleQuery | undefined, exprs: readonly (readonly [Expr, string])[], everyS: number): number {
  const evaluate = (): void => {
    for (const [expr, text] of query ? exprs : []) atOnce((query as RuleQuery).run(expr, text, clock.nowMs()));
  };
  evaluate();
  const since = cpuMs();
  for (let i = 1; i <= SECONDS; i++) {
    arrive();
    if (i % everyS === 0) evaluate();
  }
  return (cpuMs() - since) / SECONDS;
}

const config = testConfig();
const exprs = Array.from({ length: RULES }, (_, i) => [parseExpr(ruleOf(i)), ruleOf(i)] as const);
for (let i = 0; i < WARM_UP_S; i++) arrive();
console.log(`${RULES} rules over ${SERIES} series at 1 Hz, ms of CPU a second`);
measured(undefined, exprs, 1);
const alone = measured(undefined, exprs, 1);
console.log(`appending alone: ${alone.toFixed(2)}`);
for (const everyS of [1, 5, 15, 30, 60].filter((every) => every <= SECONDS)) {
  const batch = new LiveRuleQuery(store, config, clock);
  const fromStore = measured(batch, exprs, everyS) - alone;
  batch.onModuleDestroy();
  const live = new LiveRuleQuery(store, config, clock);
  live.follow(exprs.map(([expr]) => expr));
  const kept = measured(live, exprs, everyS) - alone;
  const { rules, series } = live.following;
  live.onModuleDestroy();
  console.log(
    `every ${everyS} s: from the store ${fromStore.toFixed(2)}, live ${kept.toFixed(2)} (${rules} rules, ${series} series), ratio ${(kept / fromStore).toFixed(2)}`,
  );
}
await store.close();
rmSync(folder, { recursive: true });
