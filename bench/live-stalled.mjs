/** Watchers that stop reading, beside others that do not: what they cost, what they see afterwards, whom they delay. */
import { head, line, round, Sender, sleep, topicOf, verdict, watch, withServer } from './live-kit.mjs';

/** Frames come once a second, so the 99th percentile of some seconds is that of one bad tick: the median of so many turns is looked at. */
const ROUNDS = 5;
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
    const rounds = [];
    let before;
    let during;
    let broken;
    let after;
    for (let i = 0; i < ROUNDS; i++) {
      before = await report();
      // What collecting garbage for a report, or catching up, holds up is not part of what is measured.
      await sleep(3000);
      await others.ask();
      await sleep(STALL_S * 1000);
      const calm = await others.ask();
      await slow.ask('stall');
      await sleep(STALL_S * 1000);
      const beside = await others.ask();
      during = await report();
      await slow.ask();
      await slow.ask('resume');
      await sleep(3000);
      after = await slow.ask();
      rounds.push({ calm, beside, ratio: beside.p99 / calm.p99 });
      broken = after.broken + beside.broken;
    }
    rounds.sort((a, b) => a.ratio - b.ratio);
    const { calm, beside, ratio } = rounds[Math.floor(ROUNDS / 2)];
    head(`${STALLED} of ${STALLED + OTHERS} watchers stop reading for ${STALL_S} s, ${TOPICS_EACH} topics each`);
    line('p50 / p95 / p99 of the others before, ms', `${calm.p50}/${calm.p95}/${calm.p99}`);
    line('p50 / p95 / p99 of the others meanwhile, ms', `${beside.p50}/${beside.p95}/${beside.p99}`);
    verdict(`p99 of the others, meanwhile / before, median of ${ROUNDS}`, ratio, 1.2);
    line('… least and most', `${round(rounds[0].ratio, 2)}, ${round(rounds.at(-1).ratio, 2)}`);
    verdict('memory that a stalled watcher adds', (during.bytes - before.bytes) / STALLED / 2 ** 20, 1, {
      unit: ' MB',
    });
    line('resident memory that it adds, MB', round((during.rss - before.rss) / STALLED / 2 ** 20, 2));
    verdict('stale frames that one sees afterwards, at most', after.stale, CREDIT * TOPICS_EACH, { digits: 0 });
    line('catch-ups and frames after that, all', after.frames);
    verdict('streams broken', broken, 0, { digits: 0 });
    sender.stop();
    slow.stop();
    others.stop();
  });
