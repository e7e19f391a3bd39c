import fc from 'fast-check';
import type { AlertsFrame, AlertView } from '@opsroom/contracts';
import { AlertsBench } from './alerts.fixture.js';

const critical = [{ name: 'severity', operator: '=' as const, value: 'critical' }];
const alert = (instance: string, severity = 'critical') => ({ alertname: 'High', instance, severity });

/** What a client makes of frames. */
class Screen {
  readonly alerts = new Map<string, AlertView>();
  position = { epoch: '', offset: 0 };

  show(frame: AlertsFrame): void {
    if (frame.kind === 'snapshot') {
      this.alerts.clear();
      for (const view of frame.alerts) this.alerts.set(view.fingerprint, view);
    } else {
      expect(frame.position).toEqual({ epoch: this.position.epoch, offset: this.position.offset + 1 });
      for (const view of frame.changed) this.alerts.set(view.fingerprint, view);
      for (const fingerprint of frame.removed) this.alerts.delete(fingerprint);
    }
    this.position = frame.position;
  }

  get sorted(): AlertView[] {
    return [...this.alerts.values()].sort((a, b) => a.fingerprint.localeCompare(b.fingerprint));
  }
}

describe('a topic of alerts', () => {
  let bench: ReturnType<typeof AlertsBench.memory>;
  let sent: AlertsFrame[];
  beforeEach(() => {
    bench = AlertsBench.memory({ topics: { historyFrames: 5, lingerMs: 1_000 } });
    sent = [];
    bench.topics.frames$.subscribe((frame) => sent.push(frame));
  });
  afterEach(() => bench.close());

  it('begins with a snapshot of what its matchers select', () => {
    bench.evaluate([alert('a'), alert('b', 'warning')]);
    const watched = bench.topics.watch(critical);
    expect(watched.recovered).toBe(false);
    expect(watched.frames).toHaveLength(1);
    expect(watched.frames[0]).toMatchObject({ kind: 'snapshot', alerts: [{ labels: alert('a') }] });
  });

  it('sends what changes within it, and nothing else', () => {
    bench.topics.watch(critical);
    bench.evaluate([alert('b', 'warning')]);
    expect(sent).toEqual([]);
    bench.evaluate([alert('a')]);
    expect(sent).toMatchObject([
      { kind: 'delta', changed: [{ labels: alert('a'), condition: 'firing' }], removed: [] },
    ]);
  });

  it('is one topic for the same matchers in another order', () => {
    const two = [...critical, { name: 'instance', operator: '=~' as const, value: 'a|b' }];
    expect(bench.topics.watch(two).topic).toBe(bench.topics.watch([...two].reverse()).topic);
  });

  it('gives a watcher that comes back exactly what it missed', () => {
    const first = bench.topics.watch(critical);
    bench.evaluate([alert('a')]);
    bench.evaluate([alert('a')], { value: 2 });
    const back = bench.topics.watch(critical, first.position);
    expect(back.recovered).toBe(true);
    expect(back.frames).toEqual(sent);
    expect(bench.topics.watch(critical, back.position)).toMatchObject({ recovered: true, frames: [] });
  });

  it('gives a snapshot to one that is behind its history, comes from another epoch or claims the future', () => {
    const first = bench.topics.watch(critical);
    for (let value = 0; value < 7; value++) bench.evaluate([alert('a')], { value });
    expect(bench.topics.watch(critical, first.position).recovered).toBe(false);
    expect(bench.topics.watch(critical, { epoch: 'other', offset: 7 }).recovered).toBe(false);
    expect(bench.topics.watch(critical, { ...first.position, offset: 99 }).recovered).toBe(false);
  });

  it('stays for a moment when nobody watches it, and then ends', () => {
    const { topic, position } = bench.topics.watch(critical);
    bench.topics.unwatched(topic);
    bench.clock.advance(500);
    expect(bench.topics.watch(critical, position).recovered).toBe(true);
    bench.clock.advance(5_000);
    expect(bench.topics.size).toBe(1);
    bench.topics.unwatched(topic);
    bench.clock.advance(1_500);
    expect(bench.topics.size).toBe(0);
  });

  it('cuts a storm into frames', () => {
    bench.topics.watch([]);
    bench.evaluate(Array.from({ length: 1_200 }, (_, i) => alert(`n${i}`)));
    expect(sent.map((frame) => (frame.kind === 'delta' ? frame.changed.length : -1))).toEqual([500, 500, 200]);
  });

  it('refuses a bad regular expression with the matcher that has it', () => {
    expect(() => bench.topics.watch([{ name: 'a', operator: '=~', value: '(' }])).toThrow('matcher a=~"("');
  });

  it('leaves a watcher with the same picture after any cuts as one that never lost its line', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }).map((firing) => ({ firing })),
      },
      { weight: 1, arbitrary: fc.constant('cut' as const) },
      { weight: 1, arbitrary: fc.constant('back' as const) },
      { weight: 1, arbitrary: fc.constant('quarter' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const world = AlertsBench.memory({ topics: { historyFrames: 3, lingerMs: 1_000 } });
        const steady = new Screen();
        const shaky = new Screen();
        let online = true;
        world.topics.watch(critical).frames.forEach((frame) => {
          steady.show(frame);
          shaky.show(frame);
        });
        world.topics.frames$.subscribe((frame) => {
          steady.show(frame);
          if (online) shaky.show(frame);
        });
        const comeBack = (): void => {
          if (!online) world.topics.watch(critical, shaky.position).frames.forEach((frame) => shaky.show(frame));
          online = true;
        };
        for (const next of steps) {
          if (next === 'cut') online = false;
          else if (next === 'back') comeBack();
          else if (next === 'quarter') world.clock.advance(16 * 60_000);
          else world.evaluate([...new Set(next.firing)].map((instance) => alert(instance)));
        }
        comeBack();
        expect(shaky.sorted).toEqual(steady.sorted);
        expect(shaky.sorted).toEqual(
          world.alerts.select(critical).sort((a, b) => a.fingerprint.localeCompare(b.fingerprint)),
        );
        world.close();
      }),
      { numRuns: 30 },
    );
  });
});
