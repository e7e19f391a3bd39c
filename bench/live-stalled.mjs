/** Watchers that stop reading, beside others that do not: what they cost, what they see afterwards, whom they delay. */
import { head, line, round, Sender, sleep, topicOf, verdict, watch, withServer } from './live-kit.mjs';

const CALM_S = 12;
/** Shorter than the ping's patience: who reads nothing for longer is cut as dead. */
const STALL_S = 4.5;
const OTHERS = 50;
const STALLED = 20;
const TOPICS_EACH = 20;
const CREDIT = 3;

export const stalled = ({ series, topics: count, port }) =>
  withServer(port, async ({ url, report }) => {
    const sender = new Sender([url], series);
    const topics = Array.from({ length: count }, (_, i) => topicOf(i, series / 100));
    await sleep(3000);
    const others = await watch({ url, watchers: OTHERS, topics, credit: true });
    const slow = await watch({ url, watchers: STALLED, topics, topicsEach: TOPICS_EACH, credit: true });
    await sleep(10_000);
    await report();
    await others.ask();
    await sleep(CALM_S * 1000);
    const before = await report();
    const calm = await others.ask();
    await slow.ask('stall');
    await sleep(STALL_S * 1000);
    const during = await report();
    const beside = await others.ask();
    await slow.ask();
    await slow.ask('resume');
    await sleep(3000);
    const after = await slow.ask();
    head(`${STALLED} of ${STALLED + OTHERS} watchers stop reading for ${STALL_S} s, ${TOPICS_EACH} topics each`);
    line('p50 / p99 of the others before, ms', `${calm.p50}/${calm.p99}`);
    line('p50 / p99 of the others meanwhile, ms', `${beside.p50}/${beside.p99}`);
    verdict('p99 of the others, meanwhile / before', beside.p99 / calm.p99, 1.2);
    verdict('memory that a stalled watcher adds', (during.bytes - before.bytes) / STALLED / 2 ** 20, 1, {
      unit: ' MB',
    });
    line('resident memory that it adds, MB', round((during.rss - before.rss) / STALLED / 2 ** 20, 2));
    verdict('stale frames that one sees afterwards, at most', after.stale, CREDIT * TOPICS_EACH, { digits: 0 });
    line('catch-ups and frames after that, all', after.frames);
    verdict('streams broken', after.broken + beside.broken, 0, { digits: 0 });
    sender.stop();
    slow.stop();
    others.stop();
  });
