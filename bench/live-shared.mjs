/** One topic under one watcher and under a thousand: it is evaluated once either way. */
import { head, line, round, Sender, sleep, verdict, watch, withServer } from './live-kit.mjs';

const SECONDS = 12;

export const shared = ({ watchers: most, series, port }) =>
  withServer(port, async ({ url, report }) => {
    const sender = new Sender([url], series);
    const topics = [{ expr: 'sum by (group) ({__name__=~"bench_1."})', stepMs: 1000, windowMs: 60_000 }];
    await sleep(3000);
    head(`One topic over 1000 series, under 1 watcher and under ${most}, ${SECONDS} s each`);
    const costs = [];
    for (const watchers of [1, most]) {
      const clients = await watch({ url, watchers, topics, topicsEach: 1, credit: true });
      await sleep(2000);
      await report();
      const before = await evaluations(url);
      await sleep(SECONDS * 1000);
      const after = await evaluations(url);
      const { cpuMs } = await report();
      const { frames } = await clients.ask();
      const count = after.count - before.count;
      costs.push((after.sum - before.sum) / count);
      line(`${watchers}: evaluations, frames received`, `${count}, ${frames}`);
      line(`${watchers}: evaluation, ms each`, round(costs.at(-1) * 1000, 3));
      line(`${watchers}: server CPU with ingest and delivery, % of a core`, round(cpuMs / SECONDS / 10));
      clients.stop();
      await sleep(500);
    }
    verdict('evaluation under many / under one', costs[1] / costs[0], 1.2);
    sender.stop();
  });

async function evaluations(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name) => Number(new RegExp(`^opsroom_topic_evaluation_seconds_${name} (\\S+)`, 'm').exec(text)[1]);
  return { sum: value('sum'), count: value('count') };
}
