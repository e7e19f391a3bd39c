import type { MatcherSpec } from '@opsroom/contracts';
import { mount } from '@vue/test-utils';
import { alertOf } from '../../format/alert.fixture.js';
import type { Component } from 'vue';
import MatcherBar from './MatcherBar.vue';

const critical: MatcherSpec = { name: 'severity', operator: '=', value: 'critical' };

function barOf(matchers: readonly MatcherSpec[] = []) {
  return mount(MatcherBar as Component, {
    props: { modelValue: matchers, alerts: [alertOf('A', { labels: { job: 'api' } })] },
  });
}
const enter = async (bar: ReturnType<typeof barOf>, text: string): Promise<void> => {
  const field = bar.get('input');
  (field.element as HTMLInputElement).value = text;
  await field.trigger('input', {});
  await field.trigger('keydown', { key: 'Enter' });
};
const emitted = (bar: ReturnType<typeof barOf>): unknown => bar.emitted('update:modelValue')?.at(-1)?.[0];

describe('MatcherBar', () => {
  it('turns what is typed into a chip', async () => {
    const bar = barOf([critical]);
    await enter(bar, 'job=~api|web');
    expect(emitted(bar)).toEqual([critical, { name: 'job', operator: '=~', value: 'api|web' }]);
  });

  it('says how a matcher is written instead of dropping what is none', async () => {
    const bar = barOf();
    await bar.get('input').setValue('nonsense');
    await bar.get('input').trigger('keydown', { key: 'Enter' });
    expect(bar.emitted('update:modelValue')).toBeUndefined();
    expect(bar.get('[role=alert]').text()).toContain('severity="critical"');
  });

  it('does not add the same matcher twice', async () => {
    const bar = barOf([critical]);
    await bar.get('input').setValue('severity="critical"');
    await bar.get('input').trigger('keydown', { key: 'Enter' });
    expect(bar.emitted('update:modelValue')).toBeUndefined();
  });

  it('removes a chip by its button, and the last one by backspace in the empty field', async () => {
    const bar = barOf([critical, { name: 'job', operator: '=', value: 'api' }]);
    await bar.get('[aria-label=\'Remove severity="critical"\']').trigger('click');
    expect(emitted(bar)).toEqual([{ name: 'job', operator: '=', value: 'api' }]);
    await bar.get('input').trigger('keydown', { key: 'Backspace' });
    expect(emitted(bar)).toEqual([]);
  });

  it('offers the labels of the alerts at hand', () => {
    const offered = barOf()
      .findAll('option')
      .map((option) => option.attributes('value'));
    expect(offered).toEqual(['alertname="A"', 'job="api"', 'severity="critical"']);
  });
});
