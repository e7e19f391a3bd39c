import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { type Component, nextTick } from 'vue';
import { usePeople } from '../../stores/people.js';
import PersonPicker from './PersonPicker.vue';

function picker(chosen: string, names: readonly string[] | null = ['ana', 'ben', 'chiara']) {
  setActivePinia(createPinia());
  const store = usePeople();
  store.people = names?.map((name) => ({ name, role: 'responder' as const })) ?? null;
  store.load = () => Promise.resolve();
  const wrapper = mount(PersonPicker as Component, { props: { modelValue: chosen } });
  const now = (): unknown => wrapper.emitted('update:modelValue')?.at(-1)?.[0];
  const key = async (name: string): Promise<void> => {
    await wrapper.get('input').trigger('keydown', { key: name });
    await wrapper.setProps({ modelValue: now() });
  };
  return { wrapper, store, now, key, field: wrapper.get('input') };
}

describe('choosing somebody', () => {
  it('means the first of what is typed', async () => {
    const { field, now } = picker('ana');
    await field.setValue('ch');
    expect(now()).toBe('chiara');
  });

  it('moves with the arrows, round the ends', async () => {
    const { key, now, field } = picker('ana');
    await key('ArrowDown');
    expect(now()).toBe('ben');
    await key('ArrowUp');
    await key('ArrowUp');
    expect(now()).toBe('chiara');
    expect(field.element.value).toBe('chiara');
  });

  it('takes nobody for an empty field, and no name that nobody has', async () => {
    const { field, now } = picker('ana');
    await field.setValue('');
    expect(now()).toBe('');
    await field.setValue('zoe');
    expect(now()).toBeNull();
  });

  it('takes what is typed while it does not know the people, and judges it when it does', async () => {
    const { field, now, store } = picker('', null);
    await field.setValue('be');
    expect(now()).toBe('be');
    store.people = [{ name: 'ben', role: 'viewer' }];
    await nextTick();
    expect(now()).toBe('ben');
  });

  it('says which option is meant', () => {
    const { wrapper, field } = picker('ben');
    expect(wrapper.get('[aria-selected="true"]').text()).toContain('ben');
    expect(field.attributes('aria-activedescendant')).toBe(wrapper.get('[aria-selected="true"]').attributes('id'));
  });
});
