/** What one delivery costs: stock Socket.IO, the coalescing adapter, the same under Nest, and raw writes, in turns. */
import { ask, head, line, round, sleep, start, verdict, watch } from './live-kit.mjs';

const MODES = ['stock', 'coalescing', 'nest', 'raw'];
/** Each mode's turn comes so often, in a process of its own each time. */
const CYCLES = 3;
/** Ticks that bring code and heap into their usual state, and are not counted. */
const WARM_UP = 8;
const EACH = 20;
/** Until all clients have read a tick. */
const SETTLE_MS = 250;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Figures are medians over single ticks: what else the machine does meets few of them. */
export async function fanout({ watchers, topics, port, seconds }) {
  const ticks = Math.round(Math.min(30, Math.max(10, seconds / 4)));
  const rooms = Array.from({ length: topics }, (_, i) => `room-${i}`);
  head(
    `Fan-out of 1 KB frames, ${watchers} watchers in ${EACH} of ${topics} rooms, ${CYCLES} times ${ticks} ticks each`,
  );
  const seen = Object.fromEntries(MODES.map((mode) => [mode, { costs: [], blocked: [] }]));
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    for (const mode of MODES) {
      const { costs, blocked } = await turn({ mode, port, rooms, watchers, ticks });
      seen[mode].costs.push(...costs);
      seen[mode].blocked.push(...blocked);
    }
  }
  const cost = {};
  for (const mode of MODES) {
    const { costs, blocked } = seen[mode];
    cost[mode] = median(costs);
    line(`${mode}: server µs of CPU per delivery`, round(cost[mode], 2));
    line(`${mode}: event loop blocked in a tick, median and most, ms`, `${round(median(blocked))}, ${round(Math.max(...blocked))}`); // prettier-ignore
  }
  verdict('coalescing / stock', cost.coalescing / cost.stock, 0.33);
  verdict('coalescing / raw', cost.coalescing / cost.raw, 3);
  verdict('under Nest / plain namespace, same adapter', cost.nest / cost.coalescing, 1.15);
  verdict('event loop blocked in a tick, under Nest, at most', Math.max(...seen.nest.blocked), 30, { digits: 1, unit: ' ms' }); // prettier-ignore
}

/** A server of one mode with its watchers, for so many ticks. */
async function turn({ mode, port, rooms, watchers, ticks }) {
  const execArgv = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];
  const server = await start('./live-fanout-server.mjs', { mode, port, rooms }, execArgv);
  const join = mode === 'nest' ? 'topic:subscribe' : 'join';
  const clients = await watch({ url: `http://127.0.0.1:${port}`, watchers, topics: rooms, join });
  const costs = [];
  const blocked = [];
  for (let tick = -WARM_UP; tick < ticks; tick++) {
    await ask(server);
    await ask(server, 'tick');
    await sleep(SETTLE_MS);
    const [sent, received] = [await ask(server), await clients.ask()];
    if (received.frames !== watchers * EACH) throw new Error(`${received.frames} of ${watchers * EACH} frames came`);
    if (tick < 0) continue;
    costs.push((sent.cpuMs * 1000) / received.frames);
    blocked.push(sent.blockedMs);
  }
  server.send('stop');
  clients.stop();
  await sleep(300);
  return { costs, blocked };
}
