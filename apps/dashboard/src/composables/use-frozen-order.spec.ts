import type { AlertView } from '@opsroom/contracts';
import { nextTick, ref, shallowRef } from 'vue';
import { alertOf } from '../format/alert.fixture.js';
import { useFrozenOrder } from './use-frozen-order.js';

const mapOf = (...alerts: AlertView[]): ReadonlyMap<string, AlertView> =>
  new Map(alerts.map((alert) => [alert.fingerprint, alert]));
const a = alertOf('a', { labels: { severity: 'warning' } });
const b = alertOf('b', { labels: { severity: 'warning' }, firedAtMs: 1_500 });
const worse = alertOf('worse');

describe('useFrozenOrder', () => {
  it('sorts at once while free, and holds every row while frozen', async () => {
    const alerts = shallowRef(mapOf(a, b));
    const frozen = ref(false);
    const { rows, gone, waiting } = useFrozenOrder(alerts, frozen);
    expect(rows.value).toEqual([a, b]);

    frozen.value = true;
    await nextTick();
    const resolvedB = { ...b, value: 7 };
    alerts.value = mapOf(worse, resolvedB);
    await nextTick();
    expect(rows.value).toEqual([a, resolvedB]);
    expect([...gone.value]).toEqual([a.fingerprint]);
    expect(waiting.value).toBe(1);

    frozen.value = false;
    await nextTick();
    expect(rows.value).toEqual([worse, resolvedB]);
    expect(gone.value.size).toBe(0);
    expect(waiting.value).toBe(0);
  });

  it('lets new ones in when asked, though still frozen', async () => {
    const alerts = shallowRef(mapOf(a));
    const { rows, waiting, letIn } = useFrozenOrder(alerts, ref(true));
    alerts.value = mapOf(a, worse);
    await nextTick();
    expect(waiting.value).toBe(1);
    letIn();
    expect(rows.value).toEqual([worse, a]);
    expect(waiting.value).toBe(0);
  });
});
