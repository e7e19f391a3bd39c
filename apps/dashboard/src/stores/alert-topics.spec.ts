import { alertsTopicKey, type AlertsFrame, type MatcherSpec, type Position } from '@opsroom/contracts';
import { AlertTopics } from './alert-topics.js';
import { alertOf } from '../format/alert.fixture.js';

const critical: MatcherSpec[] = [{ name: 'severity', operator: '=', value: 'critical' }];
const key = alertsTopicKey(critical);
const a = alertOf('A');
const b = alertOf('B');
const snapshot = (offset = 1): AlertsFrame => ({
  kind: 'snapshot',
  topic: key,
  position: { epoch: 'e', offset },
  alerts: [a],
});
const delta = (offset: number): AlertsFrame => ({
  kind: 'delta',
  topic: key,
  position: { epoch: 'e', offset },
  changed: [b],
  removed: [],
});

function linkOf(refusal?: Error): { asked: (Position | undefined)[]; left: string[]; topics: AlertTopics } {
  const asked: (Position | undefined)[] = [];
  const left: string[] = [];
  const topics = new AlertTopics({
    subscribe: async ({ resume }) => {
      asked.push(resume);
      if (refusal) throw refusal;
      return { topic: key, position: { epoch: 'e', offset: 1 }, recovered: resume !== undefined };
    },
    unsubscribe: async (topic) => left.push(topic),
  });
  return { asked, left, topics };
}

describe('AlertTopics', () => {
  it('shares one topic among watchers and leaves it with the last of them', () => {
    const { asked, left, topics } = linkOf();
    const first = topics.watch(critical);
    const second = topics.watch([...critical]);
    expect(second.topic).toBe(first.topic);
    first.release();
    first.release();
    expect(left).toEqual([]);
    second.release();
    expect(asked).toEqual([undefined]);
    expect(left).toEqual([key]);
  });

  it('is not ready before its snapshot, then shows every change', () => {
    const { topics } = linkOf();
    const { topic } = topics.watch(critical);
    expect(topic.ready.value).toBe(false);
    topics.take(snapshot());
    topics.take(delta(2));
    expect(topic.ready.value).toBe(true);
    expect([...topic.alerts.value.values()]).toEqual([a, b]);
  });

  it('goes on from its position when the link is back', () => {
    const { asked, topics } = linkOf();
    topics.watch(critical);
    topics.take(snapshot());
    topics.take(delta(2));
    topics.resume();
    expect(asked).toEqual([undefined, { epoch: 'e', offset: 2 }]);
  });

  it('asks once more from its position when frames are missing, and keeps what it shows meanwhile', async () => {
    const { asked, topics } = linkOf();
    const { topic } = topics.watch(critical);
    await Promise.resolve();
    await Promise.resolve();
    topics.take(snapshot());
    topics.take(delta(3));
    topics.take(delta(4));
    expect(asked).toEqual([undefined, { epoch: 'e', offset: 1 }]);
    expect(topic.alerts.value.size).toBe(1);
  });

  it('ignores frames of topics that it does not watch', () => {
    const { topics } = linkOf();
    const { topic } = topics.watch([]);
    topics.take(snapshot());
    expect(topic.ready.value).toBe(false);
  });

  it('says why the server refused a topic', async () => {
    const { topics } = linkOf(new Error('unknown operator'));
    const { topic } = topics.watch(critical);
    await Promise.resolve();
    await Promise.resolve();
    expect(topic.problem.value).toBe('unknown operator');
  });

  it('waits for the link without complaint while it is down', async () => {
    const { topics } = linkOf(Object.assign(new Error('not connected'), { code: 'unavailable' }));
    const { topic } = topics.watch(critical);
    await Promise.resolve();
    await Promise.resolve();
    expect(topic.problem.value).toBe('');
  });
});
