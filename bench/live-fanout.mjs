/** What one delivery costs: stock Socket.IO, the coalescing adapter, the same under Nest, and raw writes, in the same run. */
import { ask, head, line, round, sleep, start, verdict, watch } from './live-kit.mjs';

export async function fanout({ watchers, topics, port, seconds: whole }) {
  const seconds = Math.min(10, Math.max(5, whole / 6));
  const rooms = Array.from({ length: topics }, (_, i) => `room-${i}`);
  const perDelivery = {};
  let blockedMs = 0;
  head(
    `Fan-out of 1 KB frames, ${watchers} watchers in 20 of ${topics} rooms, once a second for ${round(seconds, 0)} s each`,
  );
  for (const mode of ['stock', 'coalescing', 'nest', 'raw']) {
    const server = await start('./live-fanout-server.mjs', { mode, port, rooms });
    const clients = await watch({
      url: `http://127.0.0.1:${port}`,
      watchers,
      topics: rooms,
      join: mode === 'nest' ? 'topic:subscribe' : 'join',
    });
    server.send('start');
    await sleep(2000);
    await clients.ask();
    await ask(server);
    await sleep(seconds * 1000);
    const [sent, received] = [await ask(server), await clients.ask()];
    perDelivery[mode] = (sent.cpuMs * 1000) / received.frames;
    line(`${mode}: server µs of CPU per delivery`, round(perDelivery[mode], 2));
    line(`${mode}: event loop blocked at most, ms`, round(sent.blockedMs));
    if (mode === 'nest') blockedMs = sent.blockedMs;
    server.send('stop');
    clients.stop();
    await sleep(200);
  }
  verdict('coalescing / stock', perDelivery.coalescing / perDelivery.stock, 0.33);
  verdict('coalescing / raw', perDelivery.coalescing / perDelivery.raw, 3);
  verdict('under Nest / plain namespace, same adapter', perDelivery.nest / perDelivery.coalescing, 1.15);
  verdict('event loop blocked at most, under Nest', blockedMs, 30, { digits: 1, unit: ' ms' });
}
