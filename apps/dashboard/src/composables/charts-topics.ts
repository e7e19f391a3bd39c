import type { MetricsTopicSpec, OpsroomClient, TopicState, Watch } from '@opsroom/client';
import type { LabelSet } from '@opsroom/contracts';
import { onScopeDispose, type Ref, shallowRef, type ShallowRef, watch } from 'vue';
import { server } from '../sockets/server.js';

export interface Topics {
  /** One state for each expression, in their order; null before the first. Replaced when a health, an error or a set of series changes, not for every value. */
  readonly states: ShallowRef<readonly (TopicState | null)[]>;
}

/** What this needs of the client; tests stand in for it. */
export type TopicClient = Pick<OpsroomClient, 'watchTopic'>;

/**
 * Watches topics while `interested` holds, and pauses them otherwise: nothing is sent then, and on return exactly what was missed
 * comes, or a snapshot. `onData` is called for every frame with the index of its topic.
 */
export function useTopics(
  specs: Readonly<Ref<readonly MetricsTopicSpec[]>>,
  interested: Readonly<Ref<boolean>>,
  onData: (index: number, state: TopicState) => void,
  client: TopicClient = server(),
): Topics {
  const states = shallowRef<readonly (TopicState | null)[]>([]);
  let watches: Watch[] = [];
  /** The series that each topic had when its state was last replaced. */
  let listed: (readonly LabelSet[])[] = [];

  const receive = (index: number, state: TopicState): void => {
    const before = states.value[index] ?? null;
    // The buffer is one object that changes in place, so what has changed is told by its counters.
    const seen = listed[index];
    if (
      before === null ||
      seen === undefined ||
      !sameSeries(seen, state.buffer.series) ||
      looksDifferent(before, state)
    ) {
      listed[index] = [...state.buffer.series];
      states.value = states.value.map((other, i) => (i === index ? state : other));
    }
    onData(index, state);
  };

  const close = (): void => {
    for (const each of watches) each.close();
    watches = [];
  };
  const open = (): void => {
    close();
    states.value = specs.value.map(() => null);
    listed = [];
    const opened: Watch[] = [];
    watches = opened;
    specs.value.forEach((spec, index) => {
      const each = client.watchTopic(spec, (state) => {
        if (watches === opened) receive(index, state);
      });
      opened.push(each);
      if (!interested.value) each.pause();
    });
  };

  watch(
    () => JSON.stringify(specs.value),
    () => open(),
    { immediate: true },
  );
  watch(interested, (now) => {
    for (const each of watches)
      if (now) each.resume();
      else each.pause();
  });
  onScopeDispose(close);
  return { states };
}

/** Age is left out on purpose: it differs in every state, and what shows it asks for itself. */
const looksDifferent = (before: TopicState, now: TopicState): boolean =>
  before.health !== now.health ||
  before.error !== now.error ||
  before.expr !== now.expr ||
  now.buffer !== before.buffer;

/** Whether two lists hold the same label sets: cheap, since a buffer keeps its objects until it is made anew. */
export const sameSeries = (a: readonly LabelSet[], b: readonly LabelSet[]): boolean =>
  a.length === b.length && a.every((labels, i) => labels === b[i]);
