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
      // What collecting garbage for the report has held up is not part of what is measured.
      await sleep(2000);
      await clients.ask();
      const seconds = watchers === most ? whole : Math.min(15, whole);
      // A report collects garbage, which whoever is watched notices: only long runs can afford more than one.
      const parts = seconds >= 600 ? 6 : 1;
      const reports = [];
      let seen;
      for (let i = 0; i < parts; i++) {
        await sleep((seconds * 1000) / parts);
        if (i === parts - 1) seen = await clients.ask();
        reports.push(await report());
      }
      const cpuMs = reports.reduce((sum, part) => sum + part.cpuMs, 0);
      const megabytes = reports.map(({ bytes }) => bytes / 2 ** 20);
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
      verdict('event loop blocked at most', Math.max(...reports.map((part) => part.blockedMs)), 30, { digits: 1, unit: ' ms' }); // prettier-ignore
      if (parts > 1)
        line('… in each sixth of the time, ms', reports.map((part) => round(part.blockedMs, 0)).join(', '));
      line('server memory, resident, MB', round(reports.at(-1).rss / 2 ** 20, 0));
      line('heap and buffers, at the end of each part, MB', megabytes.map((size) => round(size, 0)).join(', '));
      // The head of the store takes a third of half an hour to fill; from there on memory should stand still.
      if (seconds >= 1800)
        verdict('heap and buffers, at the end / after a third', megabytes.at(-1) / megabytes[1], 1.1);
      verdict('subscriptions refused and streams broken', joined.refused + seen.broken, 0, { digits: 0 });
      clients.stop();
      await sleep(1000);
    }
    sender.stop();
  });
