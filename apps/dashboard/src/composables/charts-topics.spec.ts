import type { MetricsTopicSpec, TopicState, Watch } from '@opsroom/client';
import { TopicBuffer } from '@opsroom/contracts';
import { effectScope, nextTick, ref } from 'vue';
import { type TopicClient, useTopics } from './charts-topics.js';

/** A client that writes down what is asked of it; tests send states through `tell`. */
function standIn(): { client: TopicClient; log: string[]; tell: (expr: string, change: Partial<TopicState>) => void } {
  const log: string[] = [];
  const listeners = new Map<
    string,
    { spec: MetricsTopicSpec; buffer: TopicBuffer; listener: (state: TopicState) => void }
  >();
  const client: TopicClient = {
    watchTopic(spec, listener): Watch {
      log.push(`watch ${spec.expr}`);
      listeners.set(spec.expr, { spec, buffer: new TopicBuffer(spec.windowMs), listener });
      return {
        pause: () => log.push(`pause ${spec.expr}`),
        resume: () => log.push(`resume ${spec.expr}`),
        close: () => log.push(`close ${spec.expr}`),
      };
    },
  };
  const tell = (expr: string, change: Partial<TopicState>): void => {
    const known = listeners.get(expr);
    if (!known) throw new Error(`${expr} is not watched`);
    const { spec, buffer, listener } = known;
    listener({ spec, expr, buffer, health: 'live', ageMs: 0, error: undefined, ...change });
  };
  return { client, log, tell };
}

const spec = (expr: string): MetricsTopicSpec => ({ expr, stepMs: 1000, windowMs: 60_000 });

describe('useTopics', () => {
  it('watches every expression and lets go of all when its scope ends', () => {
    const { client, log } = standIn();
    const scope = effectScope();
    scope.run(() => useTopics(ref([spec('a'), spec('b')]), ref(true), () => {}, client));
    scope.stop();
    expect(log).toEqual(['watch a', 'watch b', 'close a', 'close b']);
  });

  it('pauses what nobody sees and resumes it', async () => {
    const { client, log } = standIn();
    const interested = ref(false);
    const scope = effectScope();
    scope.run(() => useTopics(ref([spec('a')]), interested, () => {}, client));
    interested.value = true;
    await nextTick();
    interested.value = false;
    await nextTick();
    expect(log).toEqual(['watch a', 'pause a', 'resume a', 'pause a']);
    scope.stop();
  });

  it('tells of every frame, but replaces its states only when more than values has changed', () => {
    const { client, tell } = standIn();
    const heard: number[] = [];
    const scope = effectScope();
    const topics = scope.run(() =>
      useTopics(ref([spec('a'), spec('b')]), ref(true), (index) => heard.push(index), client),
    );
    tell('b', {});
    const first = topics?.states.value;
    tell('b', { ageMs: 400 });
    expect(topics?.states.value).toBe(first);
    tell('b', { health: 'lagging' });
    expect(topics?.states.value).not.toBe(first);
    expect(topics?.states.value.map((state) => state?.health)).toEqual([undefined, 'lagging']);
    expect(heard).toEqual([1, 1, 1]);
    scope.stop();
  });

  it('notices a new series', () => {
    const { client, tell } = standIn();
    const scope = effectScope();
    const topics = scope.run(() => useTopics(ref([spec('a')]), ref(true), () => {}, client));
    tell('a', {});
    const first = topics?.states.value;
    first?.[0]?.buffer.addSeries({ mode: 'user' });
    tell('a', {});
    expect(topics?.states.value).not.toBe(first);
    scope.stop();
  });

  it('changes over to other expressions and ignores late news of the old ones', async () => {
    const { client, log, tell } = standIn();
    const specs = ref([spec('a')]);
    const heard: string[] = [];
    const scope = effectScope();
    scope.run(() => useTopics(specs, ref(true), (_, state) => heard.push(state.spec.expr), client));
    specs.value = [spec('b')];
    await nextTick();
    expect(log).toEqual(['watch a', 'close a', 'watch b']);
    tell('a', {});
    tell('b', {});
    expect(heard).toEqual(['b']);
    scope.stop();
  });
});
