/** Connections that do nothing, each in two namespaces: on the whole server and on Socket.IO with nothing on it. */
import { ask, head, here, line, round, sleep, start, verdict, watch, withServer } from './live-kit.mjs';

const NAMESPACES = ['/metrics', '/alerts'];
/** The first connections warm up code and heap, and are not counted. */
const WARM_UP = 200;

export async function idle({ watchers, port }) {
  head(`${watchers} idle watchers in ${NAMESPACES.join(' and ')}`);
  const bare = await start('./live-bare-server.mjs', { port, namespaces: NAMESPACES }, [
    '--expose-gc',
    '--import',
    here('./live-probe.mjs'),
  ]);
  const control = await measured(`http://127.0.0.1:${port}`, watchers, () => ask(bare));
  bare.kill();
  const ours = await withServer(port + 1, ({ url, report }) => measured(url, watchers, report));
  for (const [name, { bytes, rss, perSecond, cpuMs }] of Object.entries({ 'bare socket.io': control, opsroom: ours })) {
    line(`${name}: KB of heap and buffers each, KB resident each`, `${round(bytes / 1024)}, ${round(rss / 1024)}`);
    line(`${name}: connections per second, server CPU ms each`, `${round(perSecond, 0)}, ${round(cpuMs, 2)}`);
  }
  verdict('memory per idle watcher / bare socket.io', ours.bytes / control.bytes, 1.3);
  verdict('connections per second / bare socket.io', ours.perSecond / control.perSecond, 0.7, { least: true });
}

async function measured(url, watchers, report) {
  const warm = await watch({ url, watchers: WARM_UP, namespaces: NAMESPACES });
  warm.stop();
  await sleep(2000);
  const before = await report();
  const clients = await watch({ url, watchers, namespaces: NAMESPACES });
  const { connectedMs } = await clients.ask();
  const { cpuMs } = await report();
  await sleep(1500);
  const after = await report();
  clients.stop();
  await sleep(300);
  return {
    bytes: (after.bytes - before.bytes) / watchers,
    rss: (after.rss - before.rss) / watchers,
    perSecond: (watchers / connectedMs) * 1000,
    cpuMs: cpuMs / watchers,
  };
}
