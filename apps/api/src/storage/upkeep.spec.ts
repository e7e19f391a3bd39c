import { ManualClock } from '../model/manual-clock.fixture.js';
import { upkeep$, type UpkeepWork } from './upkeep.js';

/** Counts what is asked of it; promises resolve at once. */
class CountingStore implements UpkeepWork {
  writes = 0;
  syncs = 0;
  slices = 0;
  tidied = 0;
  slicesWaiting = 0;

  writeLog(): Promise<void> {
    this.writes++;
    return Promise.resolve();
  }
  flush(): Promise<void> {
    this.syncs++;
    return Promise.reject(new Error('disk full'));
  }
  seal(): boolean {
    this.slices++;
    return --this.slicesWaiting > 0;
  }
  tidy(): Promise<void> {
    this.tidied++;
    return Promise.resolve();
  }
}

describe('the upkeep of the store', () => {
  /** Time passes in steps between which promises settle, as they do in life. */
  async function pass(clock: ManualClock, ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
  }

  it('writes five times a second, syncs within the interval and goes on after a failed sync', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    const store = new CountingStore();
    const subscription = upkeep$(clock, store, { fsyncIntervalMs: 1000 }).subscribe();
    await pass(clock, 30_000);
    expect(store.writes).toBe(150);
    expect(store.syncs).toBe(40);
    expect(store.slices).toBe(30);
    expect(store.tidied).toBe(3);
    subscription.unsubscribe();
  });

  it('seals slice after slice while there is more, with a pause between', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    const store = new CountingStore();
    store.slicesWaiting = 7;
    const subscription = upkeep$(clock, store, { fsyncIntervalMs: 1000 }).subscribe();
    clock.advance(500);
    expect(store.slices).toBe(1);
    clock.advance(30);
    expect(store.slices).toBe(4);
    await pass(clock, 400);
    expect(store.slices).toBe(7);
    subscription.unsubscribe();
  });

  it('leaves nothing behind when it is ended', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    const store = new CountingStore();
    upkeep$(clock, store, { fsyncIntervalMs: 1000 }).subscribe().unsubscribe();
    await pass(clock, 5000);
    expect([store.writes, store.syncs, store.slices, store.tidied]).toEqual([0, 0, 0, 0]);
  });
});
