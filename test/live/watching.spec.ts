import { jest } from '@jest/globals';
import type { TopicState } from '@opsroom/client';
import { isAbsent, type TopicBuffer } from '@opsroom/contracts';
import { ask } from '../../apps/api/src/gateways/socket/sockets.fixture.js';
import { LiveBench, until } from './live-bench.fixture.js';

const spec = { expr: 'x', stepMs: 1_000, windowMs: 60_000 };

/** Values of the newest column, by the label n. */
function newest(buffer: TopicBuffer): Record<string, number> {
  const entries = buffer.series.map((labels, i) => [labels.n ?? '', buffer.columns[i][buffer.to - 1]] as const);
  return Object.fromEntries(entries.filter((_, i) => !isAbsent(buffer.columns[i], buffer.to - 1)));
}

/** The columns as text, for comparing two watchers. */
const columns = (buffer: TopicBuffer): string =>
  JSON.stringify([
    [...buffer.times.subarray(buffer.from, buffer.to)],
    buffer.columns.map((column) => [...column.subarray(buffer.from, buffer.to)].map(String)),
  ]);

describe('watching a topic over a real connection', () => {
  let bench: LiveBench;
  const watch = (client = bench.client(), topic = spec) => {
    const states: TopicState[] = [];
    const handle = client.watchTopic(topic, (state) => states.push(state));
    return { client, states, handle, last: () => states[states.length - 1] };
  };

  beforeEach(async () => {
    bench = await LiveBench.start({
      config: { topics: { maxTopicsPerSocket: 3, maxSeriesPerTopic: 5, maxRequestsPerSecond: 50 } },
    });
  });
  afterEach(() => bench.close());

  it('brings a snapshot of the past, then every change', async () => {
    bench.write([1, 2], 5_000);
    const { last } = watch();
    await until('the snapshot', () => last().health !== 'connecting');
    expect(last().buffer.length).toBeGreaterThan(55);
    expect(newest(last().buffer)).toEqual({ 0: 1, 1: 2 });
    bench.write([3, 4, 5]);
    await until('the delta', () => newest(last().buffer)['2'] === 5);
    expect(newest(last().buffer)).toEqual({ 0: 3, 1: 4, 2: 5 });
    expect(last().health).toBe('live');
    expect(last().ageMs).toBeLessThan(2_000);
  });

  it('evaluates once for watchers who wrote the expression differently', async () => {
    const one = watch(undefined, { ...spec, expr: 'sum by(n)(x)' });
    const other = watch(undefined, { ...spec, expr: 'sum(x)  by (n)' });
    await until('both', () => one.last().expr !== undefined && other.last().expr !== undefined);
    expect(one.last().expr).toBe(other.last().expr);
    expect(bench.topics.count).toBe(1);
  });

  it('says where an expression is wrong, and the connection lives on', async () => {
    const client = bench.client();
    const wrong = watch(client, { ...spec, expr: 'sum(rat(x[1m]))' });
    await until('the refusal', () => wrong.last().health === 'refused');
    expect(wrong.last().error).toMatchObject({ code: 'bad_expression', position: { start: 4 } });
    const right = watch(client);
    await until('the topic', () => right.last().health !== 'connecting');
  });

  it.each([
    ['too_expensive', { expr: 'x', stepMs: 100, windowMs: 86_400_000 }],
    ['bad_expression', { expr: 'x[5m]', stepMs: 1_000, windowMs: 60_000 }],
    ['bad_request', { expr: 'x', stepMs: -1, windowMs: 60_000 }],
  ])('refuses with %s what cannot be', async (code, topic) => {
    const { last } = watch(undefined, topic);
    await until('the refusal', () => last().health === 'refused');
    expect(last().error).toMatchObject({ code });
  });

  it('refuses a topic with too many series, and ends one that gets them', async () => {
    bench.write([1, 2, 3], 10_000);
    const { last } = watch();
    await until('the topic', () => last().expr !== undefined);
    bench.write([1, 2, 3, 4, 5, 6], 3_000);
    await until('the end', () => last().health === 'closed');
    expect(last().error).toMatchObject({ reason: 'too_expensive' });
    const late = watch();
    await until('the refusal', () => late.last().health === 'refused');
    expect(late.last().error).toMatchObject({ code: 'too_expensive' });
  });

  it('refuses more topics on one connection than it may watch', async () => {
    const client = bench.client();
    const watches = [1, 2, 3, 4].map((n) => watch(client, { ...spec, expr: `x + ${n}` }));
    await until('an answer to each', () =>
      watches.every(({ last }) => last().expr !== undefined || last().health === 'refused'),
    );
    expect(watches.map(({ last }) => last().health).filter((health) => health === 'refused').length).toBe(1);
    expect(watches[3].last().error).toMatchObject({ code: 'too_many_topics' });
    watches[0].handle.close();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const again = watch(client, { ...spec, expr: 'x + 5' });
    await until('room for another', () => again.last().expr !== undefined);
  });

  it('sends nothing while nobody is interested, and what was missed afterwards', async () => {
    bench.write([1]);
    const { last, states, handle } = watch();
    const unbroken = watch();
    await until('both', () => last().health === 'live' && unbroken.last().health === 'live');
    handle.pause();
    await until('the pause', () => last().health === 'paused');
    const before = states.length;
    bench.write([2]);
    await until('the other to have it', () => newest(unbroken.last().buffer)['0'] === 2);
    expect(states.length).toBe(before);
    const snapshots = jest.spyOn(await bench.topics.open(spec), 'snapshot');
    handle.resume();
    await until('what was missed', () => newest(last().buffer)['0'] === 2);
    expect(snapshots).not.toHaveBeenCalled();
    expect(columns(last().buffer)).toBe(columns(unbroken.last().buffer));
  });

  it('lets a topic go when nobody watches it any more', async () => {
    const { client, last } = watch();
    await until('the topic', () => last().expr !== undefined);
    expect(bench.topics.count).toBe(1);
    client.close();
    await until('its end', () => bench.topics.count === 0);
  });

  it('costs only the sender when packets are malformed', async () => {
    const { last } = watch();
    await until('the topic', () => last().expr !== undefined);
    const vandal = await bench.sockets.connected('/metrics');
    expect(await ask(vandal, 'topic:subscribe', 7 as never)).toMatchObject({ error: { code: 'bad_request' } });
    expect(await ask(vandal, 'topic:subscribe', { expr: 'x', stepMs: 'a' } as never)).toMatchObject({
      error: { code: 'bad_request' },
    });
    expect(await ask(vandal, 'topic:paint' as never, {})).toMatchObject({ error: { code: 'bad_request' } });
    const { engine } = vandal.io;
    engine.write('9 this is no packet');
    await until('the vandal to be cut', () => !vandal.connected);
    const flood = await bench.sockets.connected('/metrics');
    flood.io.engine.write(`2/metrics,["${'x'.repeat(1_200_000)}"]`);
    await until('the flood to be cut', () => !flood.connected);
    bench.write([9]);
    await until('the others to go on', () => newest(last().buffer)['0'] === 9);
  });

  it('works on the stock adapter too', async () => {
    const stock = await LiveBench.start({ stock: true });
    stock.write([1]);
    const states: TopicState[] = [];
    stock.client().watchTopic(spec, (state) => states.push(state));
    await until('the snapshot', () => states.at(-1)?.health === 'live');
    stock.write([2]);
    await until('the delta', () => newest(states.at(-1)!.buffer)['0'] === 2);
    await stock.close();
  });
});
