import type { LabelSet } from '@opsroom/contracts';
import { assignSlots, preferredSlot } from './colours.js';

const modes = ['user', 'system', 'iowait', 'irq', 'softirq', 'steal', 'nice'].map((mode): LabelSet => ({ mode }));

describe('assignSlots', () => {
  it('gives a label set that is alone the same place everywhere', () => {
    const labels = { device: 'eth0', instance: 'web-1' };
    expect(assignSlots([labels])).toEqual([preferredSlot({ instance: 'web-1', device: 'eth0' })]);
  });

  it('gives the series of a panel different places while there are enough', () => {
    const twelve = Array.from({ length: 12 }, (_, i): LabelSet => ({ cpu: String(i) }));
    expect(new Set(assignSlots(twelve)).size).toBe(12);
  });

  it('spreads more series than places evenly', () => {
    const slots = assignSlots(Array.from({ length: 24 }, (_, i): LabelSet => ({ cpu: String(i) })));
    for (let slot = 0; slot < 12; slot++) expect(slots.filter((taken) => taken === slot)).toHaveLength(2);
  });

  it('lets a series keep its place when others come', () => {
    const before = assignSlots(modes.slice(0, 3));
    expect(assignSlots(modes, before).slice(0, 3)).toEqual(before);
  });

  it('gives the first place to a value without labels', () => {
    expect(assignSlots([{}])).toEqual([0]);
  });
});
