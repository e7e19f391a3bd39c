import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotificationEvent } from '@opsroom/contracts';
import { HttpSink } from '../../apps/api/src/notifications/notifiers/sinks.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';
import { AlertSender } from './alert-sender.fixture.js';

/** A hundred are what the figure in the docs comes from; a few keep the test short. */
const KILLS = Number(process.env.OPSROOM_KILLS ?? 4);
const SENDERS = 4;
/** How many messages are on their way at once, as the docs state it: a kill can repeat no more. */
const UNDER_WAY = 8;

/** One message about one alert, as the webhook has got it. */
interface Told {
  readonly name: string;
  readonly status: string;
  readonly key: string;
}

describe('notifications of a server that is killed again and again', () => {
  let folder: string;
  let sink: HttpSink;
  let opsroom: OpsroomProcess;

  /** What came in from the `from`th request on, in order. */
  const told = (from = 0): Told[] =>
    sink.requests.slice(from).map(({ headers, body }) => {
      const { status, alerts } = body as { status: string; alerts: { labels: { alertname: string } }[] };
      expect(alerts).toHaveLength(1);
      return { name: alerts[0].labels.alertname, status, key: String(headers['idempotency-key']) };
    });

  const heard = new Set<string>();
  let seen = 0;
  const isTold = (name: string): boolean => {
    for (const one of told(seen)) heard.add(`${one.name} ${one.status}`);
    seen = sink.requests.length;
    return heard.has(`${name} firing`);
  };

  const events = async (): Promise<NotificationEvent[]> => {
    const all: NotificationEvent[] = [];
    for (;;) {
      const before = all.length > 0 ? `&before=${all[all.length - 1].id}` : '';
      const answer = await fetch(`${opsroom.url}/api/opsroom/notifications?limit=1000${before}`);
      const page = ((await answer.json()) as { events: NotificationEvent[] }).events;
      if (page.length === 0) return all;
      all.push(...page);
    }
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-told-'));
    sink = await HttpSink.start();
    const config = join(folder, 'opsroom.yml');
    writeFileSync(
      config,
      `
global: {resolve_timeout: 12h}
rule_files: [${join(folder, 'none-*.yml')}]
route: {receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s}
receivers: [{name: team, webhook_configs: [{url: '${sink.url}'}]}]
`,
    );
    opsroom = await OpsroomProcess.start({ args: ['--config', config, '--accounts.anonymous', 'responder'] });
  }, 60_000);

  afterAll(async () => {
    await opsroom.stop();
    await sink.stop();
    rmSync(folder, { recursive: true });
  });

  it(
    'arrive, each at least once, and again only when a kill took the answer, with the same key',
    async () => {
      const sender = new AlertSender(opsroom.url, isTold);
      const sending = Promise.all(Array.from({ length: SENDERS }, (_, i) => sender.run(`Sender${i}Alert`)));
      let failure: unknown;
      sending.catch((error: unknown) => (failure = error));
      /** Of each kill: how many requests had come in when it began, and when the next start was ready. */
      const kills: { readonly from: number; readonly to: number }[] = [];
      try {
        for (let kill = 0; kill < KILLS && !failure; kill++) {
          await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 900));
          const from = sink.requests.length;
          await opsroom.kill();
          await opsroom.restart();
          kills.push({ from, to: sink.requests.length });
        }
      } finally {
        sender.stop();
      }
      await sending;
      await eventually(
        'everything that was decided has arrived',
        async () => {
          const { queued = 0, delivered = 0 } = count((await events()).map(({ outcome }) => outcome));
          return sender.begun.size > 0 && queued >= sender.begun.size + sender.ended.size && delivered === queued;
        },
        30_000,
      );

      const messages = told();
      const positions = new Map<string, number[]>();
      messages.forEach(({ key }, i) => positions.set(key, [...(positions.get(key) ?? []), i]));
      const keys = (status: string): Map<string, Set<string>> => {
        const byName = new Map<string, Set<string>>();
        for (const one of messages.filter((message) => message.status === status))
          byName.set(one.name, (byName.get(one.name) ?? new Set()).add(one.key));
        return byName;
      };
      const [beginnings, ends] = [keys('firing'), keys('resolved')];
      // Everything answered was told, nothing else was.
      expect([...beginnings.keys()].sort()).toEqual([...sender.begun].sort());
      expect([...ends.keys()].sort()).toEqual([...sender.ended].sort());
      // Whatever arrived twice about an alert was the same message.
      const several = [...beginnings, ...ends].filter(([, { size }]) => size > 1);
      expect(several).toEqual([]);
      // An end comes after its beginning.
      const first = (name: string, status: string): number =>
        messages.findIndex((message) => message.name === name && message.status === status);
      for (const name of ends.keys()) expect(first(name, 'firing')).toBeLessThan(first(name, 'resolved'));
      // A message came again only where a kill lay between, and no more of them than were under way.
      const again = [...positions.values()].flatMap((list) => list.slice(1).map((to, i) => ({ from: list[i], to })));
      const unexplained = again.filter(({ from, to }) => !kills.some((kill) => from < kill.to && to >= kill.from));
      expect(unexplained).toEqual([]);
      expect(again.length).toBeLessThanOrEqual(UNDER_WAY * KILLS);
      expect(sender.over.size).toBeGreaterThan(0);
      expect(sender.ended.size).toBeGreaterThan(0);
      process.stdout.write(
        `${sender.begun.size} beginnings and ${sender.ended.size} ends answered over ${KILLS} kills ` +
          `(${sender.repeated} posts repeated): ${messages.length} messages arrived, ${again.length} of them again\n`,
      );
    },
    60_000 + KILLS * 10_000,
  );
});

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
