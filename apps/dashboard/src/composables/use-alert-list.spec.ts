import { jest } from '@jest/globals';
import type { AlertView } from '@opsroom/contracts';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { defineComponent, h, nextTick, ref, shallowRef } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { alertOf } from '../format/alert.fixture.js';
import { useAlerts } from '../stores/alerts.js';
import { useDialogs } from '../stores/dialogs.js';
import { useSession } from '../stores/session.js';
import { useAlertList, type AlertList } from './use-alert-list.js';
import { useShortcutListener } from './use-shortcuts.js';

const names = ['A', 'B', 'C', 'D'];
const alerts = names.map((name, index) => alertOf(name, { firedAtMs: 9_000 - index }));
const mapOf = (views: readonly AlertView[]): ReadonlyMap<string, AlertView> =>
  new Map(views.map((alert) => [alert.fingerprint, alert]));

function setUp(role: 'viewer' | 'responder' = 'responder') {
  const pinia = createPinia();
  setActivePinia(pinia);
  useSession().view = {
    identity: { name: 'ana', role, via: 'session' },
    setupNeeded: false,
    anonymous: null,
    version: '1',
  };
  const acknowledge = jest.fn(() => Promise.resolve([]));
  useAlerts().acknowledge = acknowledge;
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
  });
  const topic = shallowRef(mapOf(alerts));
  let list: AlertList | undefined;
  const page = mount(
    defineComponent({
      setup() {
        useShortcutListener();
        list = useAlertList(topic, ref(''), ref(false));
        return () => h('div');
      },
    }),
    { global: { plugins: [pinia, router] } },
  );
  if (!list) throw new Error('the list was not made');
  const press = (key: string, more: KeyboardEventInit = {}): boolean =>
    document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  const acknowledged = (): string[][] =>
    (acknowledge.mock.calls as unknown as [readonly AlertView[]][]).map(([views]) =>
      views.map((view) => view.labels.alertname),
    );
  return { page, list, topic, press, acknowledged, dialogs: useDialogs(), router };
}
const nameOf = (fingerprint: string): string | undefined =>
  alerts.find((alert) => alert.fingerprint === fingerprint)?.labels.alertname;

describe('the keyboard on an alert list', () => {
  it('does nothing to the page behind a dialog, also one that is still on its way', () => {
    const { page, list, press, acknowledged, dialogs } = setUp();
    press('j');
    press('x');
    dialogs.open({ kind: 'palette' });
    expect(press('a')).toBe(false);
    expect(press('Escape')).toBe(true);
    expect(acknowledged()).toEqual([]);
    expect(list.selected.value.size).toBe(1);
    dialogs.close();
    press('a');
    expect(acknowledged()).toEqual([['A']]);
    page.unmount();
  });

  it('moves with j and k and stops at the ends', () => {
    const { page, list, press } = setUp();
    press('j');
    expect(nameOf(list.current.value)).toBe('A');
    press('k');
    expect(nameOf(list.current.value)).toBe('A');
    for (const _ of names) press('j');
    expect(nameOf(list.current.value)).toBe('D');
    page.unmount();
  });

  it('acknowledges the row that it is on, or the selection when there is one', () => {
    const { page, press, acknowledged } = setUp();
    press('j');
    press('a');
    press('j');
    press('x');
    press('j');
    press('j');
    press('X', { shiftKey: true });
    press('a');
    expect(acknowledged()).toEqual([['A'], ['B', 'C', 'D']]);
    page.unmount();
  });

  it('does nothing on a list where nothing is meant', () => {
    const { page, press, acknowledged } = setUp();
    press('a');
    expect(acknowledged()).toEqual([]);
    page.unmount();
  });

  it('does not act for viewers', () => {
    const { page, press, acknowledged, dialogs } = setUp('viewer');
    press('j');
    press('a');
    press('s');
    expect(acknowledged()).toEqual([]);
    expect(dialogs.current).toBeNull();
    page.unmount();
  });

  it('asks for a silence with the labels that the selection shares', () => {
    const { page, press, dialogs } = setUp();
    press('a', { ctrlKey: true });
    press('s');
    expect(dialogs.current).toEqual({
      kind: 'silence',
      matchers: [{ name: 'severity', operator: '=', value: 'critical' }],
    });
    page.unmount();
  });

  it('leaves letters to whoever types into a field', () => {
    const { page, list } = setUp();
    const field = document.createElement('input');
    document.body.append(field);
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
    expect(list.current.value).toBe('');
    field.remove();
    page.unmount();
  });

  it('opens the war room of its row', async () => {
    const { page, list, press, router } = setUp();
    await router.isReady();
    press('j');
    press('Enter');
    await new Promise((resolve) => router.afterEach(resolve));
    expect(router.currentRoute.value.path).toBe(`/alerts/${list.current.value}`);
    page.unmount();
  });
});

describe('the order of an alert list', () => {
  it('stands still while something is selected, and lets new ones in after', async () => {
    const { page, list, topic, press } = setUp();
    press('j');
    press('x');
    const late = alertOf('late', { firedAtMs: 99_000 });
    topic.value = mapOf([...alerts, late]);
    await nextTick();
    expect(list.order.rows.value).toHaveLength(4);
    expect(list.order.waiting.value).toBe(1);
    list.order.letIn();
    expect(list.order.rows.value[0]).toEqual(late);
    page.unmount();
  });

  it('drops from the selection what is no longer shown', async () => {
    const { page, list, topic } = setUp();
    list.select(alerts[0].fingerprint, false);
    list.select(alerts[1].fingerprint, false);
    topic.value = mapOf(alerts.slice(1));
    list.order.letIn();
    await nextTick();
    expect(list.chosen.value).toEqual([alerts[1]]);
    page.unmount();
  });

  it('stands still under a mouse, and for a moment after it has left', async () => {
    jest.useFakeTimers();
    const { page, list, topic } = setUp();
    const mouse = (type: string, pointerType = 'mouse'): void => {
      list.hover(Object.assign(new Event(type), { pointerType }) as PointerEvent);
    };
    mouse('pointerenter');
    await nextTick();
    topic.value = mapOf([...alerts, alertOf('late')]);
    await nextTick();
    mouse('pointerleave');
    jest.advanceTimersByTime(399);
    await nextTick();
    expect(list.order.waiting.value).toBe(1);
    jest.advanceTimersByTime(1);
    await nextTick();
    expect(list.order.waiting.value).toBe(0);
    mouse('pointerenter', 'touch');
    await nextTick();
    topic.value = mapOf([...alerts, alertOf('late'), alertOf('later')]);
    await nextTick();
    expect(list.order.waiting.value).toBe(0);
    page.unmount();
    jest.useRealTimers();
  });
});
