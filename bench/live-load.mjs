/** The whole server under the load that it is made for: samples in by remote write, mixed topics, many watchers. */
import { head, line, round, Sender, sleep, topicOf, verdict, watch, withServer } from './live-kit.mjs';

export const load = ({ watchers: most, series, topics: count, port, seconds: whole }) =>
  withServer(port, async ({ url, report }) => {
    const sender = new Sender([url], series);
    const topics = Array.from({ length: count }, (_, i) => topicOf(i, series / 100));
    await sleep(5000);
    await report();
    await sleep(5000);
    const ingest = (await report()).cpuMs / 5000;
    head(`Ingest alone, ${series} series at 1 Hz`);
    line('server CPU, % of a core', round(ingest * 100));
    for (const watchers of [50, most]) {
      const clients = await watch({ url, watchers, topics, credit: true });
      const joining = await report();
      await sleep(5000);
      const joined = await clients.ask();
      await report();
      const seconds = watchers === most ? whole : Math.min(15, whole);
      // A sixth in, caches and windows are full: from there on memory should stand still.
      await sleep((seconds * 1000) / 6);
      const early = await report();
      await sleep((seconds * 5000) / 6);
      const late = await report();
      const { bytes, rss } = late;
      const cpuMs = early.cpuMs + late.cpuMs;
      const blockedMs = Math.max(early.blockedMs, late.blockedMs);
      const seen = await clients.ask();
      head(`${watchers} watchers, 20 of ${count} topics each, ${series} series at 1 Hz, ${seconds} s`);
      line('all subscribed after, s', round(joined.connectedMs / 1000));
      line('event loop blocked at most while they came, ms', round(joining.blockedMs));
      line('frames received per second', round(seen.frames / seconds, 0));
      line('sample sent → received, p50 / p95, ms', `${seen.p50}/${seen.p95}`);
      verdict('sample sent → received, p99', seen.p99, watchers === 50 ? 100 : 500, { digits: 0, unit: ' ms' });
      line('server CPU, % of a core', round(cpuMs / seconds / 10));
      line(
        'server µs of CPU per delivery beyond ingest',
        round(((cpuMs - ingest * seconds * 1000) * 1e3) / seen.frames),
      );
      verdict('event loop blocked at most', blockedMs, 30, { digits: 1, unit: ' ms' });
      line('server memory, resident, MB', round(rss / 2 ** 20, 0));
      line('heap and buffers after a sixth of the time, at the end, MB', `${round(early.bytes / 2 ** 20, 0)}, ${round(bytes / 2 ** 20, 0)}`); // prettier-ignore
      if (seconds >= 1800) verdict('heap and buffers, at the end / after a sixth', bytes / early.bytes, 1.1);
      verdict('subscriptions refused and streams broken', joined.refused + seen.broken, 0, { digits: 0 });
      clients.stop();
      await sleep(1000);
    }
    sender.stop();
  });
