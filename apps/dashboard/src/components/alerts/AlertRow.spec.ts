import type { AlertView } from '@opsroom/contracts';
import { mount, RouterLinkStub } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { alertOf } from '../../format/alert.fixture.js';
import type { Component } from 'vue';
import AlertRow from './AlertRow.vue';

function rowOf(alert: AlertView, props: Record<string, unknown> = {}) {
  return mount(AlertRow as Component, {
    props: { alert, mayAct: true, ...props },
    global: { plugins: [createPinia()], stubs: { RouterLink: RouterLinkStub } },
  });
}
const acknowledgement = { by: 'ben', atMs: 1, note: 'on it', untilWorse: true };

describe('AlertRow', () => {
  it('says how bad it is in a word, what was measured, and where', () => {
    const text = rowOf(alertOf('HostDown', { value: 0, labels: { instance: 'web-1' } })).text();
    expect(text).toContain('HostDown');
    expect(text).toContain('critical');
    expect(text).toContain('is 0');
    expect(text).toContain('web-1');
  });

  it('offers to acknowledge in one press', async () => {
    const row = rowOf(alertOf('A'));
    await row.get('button').trigger('click');
    expect(row.emitted('acknowledge')).toHaveLength(1);
  });

  it('names who has it and for how long instead', () => {
    const row = rowOf(alertOf('A', { acknowledgement }));
    expect(row.find('button').exists()).toBe(false);
    expect(row.text()).toContain('ben until it gets worse');
  });

  it.each([
    ['is silenced', { suppressedBy: [{ kind: 'silence' as const, silenceId: 's' }] }, 'silenced'],
    [
      'is inhibited',
      { suppressedBy: [{ kind: 'inhibition' as const, bySource: 'HostDown' }] },
      'inhibited by HostDown',
    ],
    ['has resolved', { condition: 'resolved' as const, resolvedAtMs: 5 }, 'resolved'],
    ['is pending', { condition: 'pending' as const }, 'pending'],
  ])('says why nothing is to be done when it %s', (_, changes, word) => {
    const row = rowOf(alertOf('A', changes));
    expect(row.text()).toContain(word);
    expect(row.find('button').exists()).toBe(false);
  });

  it('says that it has left the list while it is only held in its place', () => {
    expect(rowOf(alertOf('A'), { gone: true }).text()).toContain('gone');
  });

  it('does not call an alert firing whose rule sees no data', () => {
    const origin: AlertView['origin'] = { kind: 'rule', file: '', group: '', expr: 'up == 0', health: 'nodata' };
    const text = rowOf(alertOf('A', { origin })).text();
    expect(text).toContain('no data');
    expect(text).not.toContain('critical');
  });

  it('offers viewers nothing that they may not do', () => {
    expect(rowOf(alertOf('A'), { mayAct: false }).find('button').exists()).toBe(false);
  });
});
