import { jest } from '@jest/globals';
import type { AlertView } from '@opsroom/contracts';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { type Component, nextTick } from 'vue';
import { alertOf } from '../../format/alert.fixture.js';
import { useAlerts } from '../../stores/alerts.js';
import AlertAnnouncer from './AlertAnnouncer.vue';

const mapOf = (...views: AlertView[]): ReadonlyMap<string, AlertView> =>
  new Map(views.map((alert) => [alert.fingerprint, alert]));

describe('the announcement of alerts', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('leaves out what is there when the page opens, and names what comes, also what comes at once', async () => {
    setActivePinia(createPinia());
    const store = useAlerts();
    const wrapper = mount(AlertAnnouncer as Component);
    const [old, fresh, again] = [alertOf('Old'), alertOf('Fresh'), alertOf('Again')];
    const arrive = async (...views: AlertView[]): Promise<string> => {
      store.all = mapOf(...views);
      await nextTick();
      jest.advanceTimersByTime(2_000);
      await nextTick();
      return wrapper.text();
    };
    store.all = mapOf(old);
    store.ready = true;
    await nextTick();
    expect(await arrive(old, fresh)).toBe('critical: Fresh');
    expect(await arrive(old, fresh, again)).toBe('critical: Again');
    expect(await arrive(old, { ...fresh, episode: 'Fresh-2' }, again)).toBe('critical: Fresh');
  });
});
