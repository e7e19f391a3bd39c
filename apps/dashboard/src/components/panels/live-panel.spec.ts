import { jest } from '@jest/globals';
import type { Watch } from '@opsroom/client';
import { DeltaRecorder } from '@opsroom/contracts';
import { type DOMWrapper, flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { nextTick } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { recordingCanvas } from '../../charts/recording-canvas.fixture.js';

type Listener = (state: unknown) => void;

const NOW = 1_800_000_000_000;
let listener: Listener = () => {};
let recorder: DeltaRecorder;

// The connection is what is outside the page.
jest.unstable_mockModule('@opsroom/client', () => ({
  connect: () => ({
    serverNowMs: () => NOW,
    watchTopic: (_spec: object, heard: Listener): Watch => {
      listener = heard;
      return { pause: () => {}, resume: () => {}, close: () => {} };
    },
  }),
}));
const { default: LivePanel } = await import('./LivePanel.vue');

/** Sends the topic's state as the client would. */
function tell(health: string, error?: object): void {
  listener({
    spec: { expr: 'x', stepMs: 1000, windowMs: 60_000 },
    expr: 'x',
    buffer: recorder.buffer,
    health,
    ageMs: 0,
    error,
  });
}
function column(secondsAgo: number, ...values: number[]): void {
  recorder.column(NOW - secondsAgo * 1000, false, Float64Array.from(values));
  recorder.take(NOW - secondsAgo * 1000, NOW);
}
function panel(): VueWrapper {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', name: 'explore', component: {} }],
  });
  return mount(LivePanel, {
    props: { title: 'CPU by mode', expr: 'x', legend: '{{mode}}', unit: 'percent', stepMs: 1000, windowMs: 60_000 },
    global: { plugins: [createPinia(), router] },
    attachTo: document.body,
  });
}
const texts = (found: DOMWrapper<Element>[]): string[] => found.map((each) => each.text());
const legend = (wrapper: VueWrapper): string[] => texts(wrapper.findAll('.legend button'));
const health = (wrapper: VueWrapper): string => wrapper.get('[data-health]').text();

beforeEach(() => {
  recorder = new DeltaRecorder('m:1', 'e', 60_000);
  HTMLCanvasElement.prototype.getContext = (() =>
    recordingCanvas().getContext()) as typeof HTMLCanvasElement.prototype.getContext;
  Object.assign(globalThis, {
    ResizeObserver: class {
      observe(): void {}
      disconnect(): void {}
    },
    matchMedia: () => ({ addEventListener: () => {}, removeEventListener: () => {}, matches: false }),
  });
});
afterEach(() => document.body.replaceChildren());

describe('LivePanel', () => {
  it('waits, then lists its series with their current values', async () => {
    const wrapper = panel();
    expect(wrapper.text()).toContain('Waiting for the first values');
    recorder.addSeries({ mode: 'user' });
    recorder.addSeries({ mode: 'system' });
    column(1, 61, 22);
    tell('live');
    await flushPromises();
    expect(legend(wrapper)).toEqual(['system22 %', 'user61 %']);
    expect(health(wrapper)).toBe('live');
    column(0, 64, 21);
    tell('live');
    expect(legend(wrapper)).toEqual(['system21 %', 'user64 %']);
    wrapper.unmount();
  });

  it('says so when nothing matches', async () => {
    const wrapper = panel();
    tell('live');
    await nextTick();
    expect(wrapper.text()).toContain('No series match now');
    wrapper.unmount();
  });

  it('shows the refusal of the server at its place in the expression', async () => {
    const wrapper = panel();
    tell('refused', { code: 'bad_expression', message: 'unknown function "x"', position: { start: 0, end: 1 } });
    await nextTick();
    expect(wrapper.get('[role="alert"]').text()).toContain('unknown function "x"');
    expect(wrapper.get('mark').text()).toBe('x');
    expect(health(wrapper)).toBe('error');
    wrapper.unmount();
  });

  it('dims what may no longer be true and says how old it is', async () => {
    const wrapper = panel();
    recorder.addSeries({ mode: 'user' });
    column(40, 61);
    tell('stale');
    await flushPromises();
    expect(health(wrapper)).toMatch(/^stale/);
    expect(wrapper.findAll('.not-live').length).toBeGreaterThan(0);
    wrapper.unmount();
  });

  it('shows a series alone at a click and all again at the next', async () => {
    const wrapper = panel();
    recorder.addSeries({ mode: 'user' });
    recorder.addSeries({ mode: 'system' });
    column(1, 61, 22);
    tell('live');
    await flushPromises();
    const pressed = (): (string | undefined)[] =>
      wrapper.findAll('.legend button').map((row) => row.attributes('aria-pressed'));
    await wrapper.findAll('.legend button')[1].trigger('click');
    expect(pressed()).toEqual(['false', 'true']);
    await wrapper.findAll('.legend button')[1].trigger('click');
    expect(pressed()).toEqual(['true', 'true']);
    wrapper.unmount();
  });

  it('has its values as a table too', async () => {
    const wrapper = panel();
    recorder.addSeries({ mode: 'user' });
    column(2, 10);
    column(1, 30);
    tell('live');
    await flushPromises();
    await wrapper.get('[aria-label="Show as table"]').trigger('click');
    expect(texts(wrapper.findAll('tbody tr > *'))).toEqual(['user', '30 %', '10 %', '20 %', '30 %']);
    wrapper.unmount();
  });
});
