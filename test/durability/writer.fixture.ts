// The process that gets killed: writes samples and transactions without end and says on its output what it was told is stored.
//   node --import ./test/support/ts-run.mjs test/durability/writer.fixture.ts <folder>
import { writeSync } from 'node:fs';
import { Labels } from '@opsroom/promql';
import { SystemClock } from '../../apps/api/src/model/clock.js';
import { upkeep$ } from '../../apps/api/src/storage/upkeep.js';
import { openAll, SERIES, STEP_MS } from './data.fixture.js';

const { database, store } = openAll(process.argv[2]);
const clock = new SystemClock();
upkeep$(clock, store, { fsyncIntervalMs: 1000 }).subscribe();
const report = (text: string): void => void writeSync(1, `${text}\n`);

const refs = Uint32Array.from({ length: SERIES }, (_, i) =>
  store.resolve(Labels.from({ __name__: 'load', shard: String(i) }), 'writer'),
);
const { headMaxMs } = store.stats();
let batch = Number.isNaN(headMaxMs) ? 1 : headMaxMs / STEP_MS + 1;
let act = Number(database.statement('SELECT coalesce(max(number), 0) AS last FROM acts').get()?.last) + 1;
report('ready');

function write(): void {
  const { appended } = store.append({
    source: 'writer',
    receivedMs: clock.nowMs(),
    refs,
    timestamps: new Float64Array(SERIES).fill(batch * STEP_MS),
    values: Float64Array.from({ length: SERIES }, (_, i) => batch * (i + 1)),
    count: SERIES,
  });
  if (appended !== SERIES) throw new Error(`only ${appended} samples of batch ${batch} were taken`);
  report(`batch ${batch} ${clock.nowMs()}`);
  batch++;
  database.transaction(() => database.statement('INSERT INTO acts (number) VALUES (?)').run(act));
  report(`act ${act}`);
  act++;
  clock.after(3).subscribe(write);
}
write();
