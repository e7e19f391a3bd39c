import { jest } from '@jest/globals';
import type { OpsroomClient, TopicState } from '@opsroom/client';
import { isAbsent, toWire } from '@opsroom/contracts';
import fc from 'fast-check';
import type { Socket } from 'socket.io-client';
import { LiveBench, until } from './live-bench.fixture.js';

jest.setTimeout(60_000);

const spec = { expr: 'x', stepMs: 1_000, windowMs: 30_000 };

/** All that a watcher has, as text. */
function seen({ buffer }: TopicState): string {
  const cells = buffer.columns.map((column) =>
    Array.from({ length: buffer.length }, (_, i) =>
      isAbsent(column, buffer.from + i) ? null : toWire(column[buffer.from + i]),
    ),
  );
  return JSON.stringify([[...buffer.times.subarray(buffer.from, buffer.to)], cells, buffer.series, buffer.position]);
}

/** The engine of a client's connection, to cut it as a network does. */
function engineOf(client: OpsroomClient) {
  const { connection } = client as unknown as { connection: { socket(name: string): Socket } };
  return connection.socket('/metrics').io.engine;
}

function watch(client: OpsroomClient) {
  let state: TopicState | undefined;
  const handle = client.watchTopic(spec, (next) => (state = next));
  return { ...handle, client, state: () => state! };
}

/** It is connected and has its data, however old they are. */
const follows = ({ state }: ReturnType<typeof watch>): boolean =>
  state() !== undefined && !['connecting', 'resyncing'].includes(state().health) && state().buffer.length > 0;

const cut = fc.constantFrom('network', 'pause', 'nothing');
const act = fc.record({ cut, writes: fc.integer({ min: 0, max: 4 }), waitMs: fc.integer({ min: 0, max: 40 }) });

describe('a watcher that was cut off', () => {
  it('ends with exactly what an unbroken watcher has, wherever the cuts are', async () => {
    const bench = await LiveBench.start({ config: { topics: { historyFrames: 8 } } });
    let value = 0;
    const unbroken = watch(bench.client());
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
        const broken = watch(bench.client());
        // A pause between two runs may be long enough for the data to grow old: a new sample makes both live.
        bench.write([++value]);
        await until('both to follow', () => [broken, unbroken].every(follows), 8_000);
        for (const { cut: how, writes, waitMs } of acts) {
          if (how === 'network') engineOf(broken.client).close();
          if (how === 'pause') broken.pause();
          for (let i = 0; i < writes; i++) bench.write([++value, -value, value % 3]);
          await new Promise((resolve) => setTimeout(resolve, waitMs));
          if (how === 'pause') broken.resume();
        }
        bench.write([++value]);
        await until('both to have the last sample', () =>
          [broken, unbroken].every(({ state }) => state().buffer.columns[0]?.[state().buffer.to - 1] === value),
        );
        await until('both to stand alike', () => seen(broken.state()) === seen(unbroken.state()));
        broken.close();
        broken.client.close();
      }),
      { numRuns: 12 },
    );
    await bench.close();
  });

  it('comes back to a server that was started again, on a new epoch, with nothing missing', async () => {
    let bench = await LiveBench.start({ port: 21_590 });
    bench.write([1], 3_000);
    const watcher = watch(bench.client());
    await until('the topic', () => watcher.state().buffer.length > 0);
    const { epoch } = watcher.state().buffer.position!;
    const { samples } = bench;
    await bench.sockets.close();
    await until('the loss to show', () => watcher.state().health === 'resyncing');
    bench = await LiveBench.start({ port: 21_590, samples });
    bench.write([2]);
    await until('the new value', () => watcher.state().buffer.columns[0]?.[watcher.state().buffer.to - 1] === 2);
    expect(watcher.state().buffer.position!.epoch).not.toBe(epoch);
    watcher.client.close();
    await bench.close();
  });

  it('is slow: it misses nothing in the end and holds nobody up', async () => {
    const bench = await LiveBench.start();
    const wide = Array.from({ length: 400 }, (_, i) => i);
    bench.write(wide);
    const slow = watch(bench.client());
    const quick = watch(bench.client());
    await until('both', () => slow.state().health === 'live' && quick.state().health === 'live');
    const raw = (
      engineOf(slow.client) as unknown as { transport: { ws: { _socket: { pause(): void; resume(): void } } } }
    ).transport.ws._socket;
    raw.pause();
    for (let round = 1; round <= 150; round++) {
      const value = round * 1_000 + Math.PI;
      bench.write(wide.map((i) => value + i));
      await until('the quick one', () => quick.state().buffer.columns[0]?.[quick.state().buffer.to - 1] === value);
    }
    raw.resume();
    await until('the slow one to be whole', () => seen(slow.state()) === seen(quick.state()));
    await bench.close();
  });
});
