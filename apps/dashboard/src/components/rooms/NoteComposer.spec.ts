import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import type { Component } from 'vue';
import { usePeople } from '../../stores/people.js';
import NoteComposer from './NoteComposer.vue';

function composer() {
  setActivePinia(createPinia());
  const store = usePeople();
  store.people = ['ana', 'ben', 'bea'].map((name) => ({ name, role: 'responder' as const }));
  store.load = () => Promise.resolve();
  const added: string[] = [];
  const add = (text: string): Promise<void> => {
    added.push(text);
    return Promise.resolve();
  };
  const wrapper = mount(NoteComposer as Component, { props: { add, typing: [], mayWrite: true } });
  const field = wrapper.get('textarea');
  const names = (): string[] => wrapper.findAll('[role="option"]').map((option) => option.text());
  return { wrapper, field, added, names };
}

describe('a note', () => {
  it('completes a mention with the keyboard, and is sent with Enter only then', async () => {
    const { field, added, names } = composer();
    await field.setValue('see @b');
    expect(names()).toEqual(['bearesponder', 'benresponder']);
    await field.trigger('keydown', { key: 'ArrowDown' });
    await field.trigger('keydown', { key: 'Enter' });
    expect(field.element.value).toBe('see @ben ');
    expect(names()).toEqual([]);
    expect(added).toEqual([]);
    await field.trigger('keydown', { key: 'Enter' });
    expect(added).toEqual(['see @ben']);
  });

  it('lets the list be closed, and the name be typed to its end', async () => {
    const { field, names } = composer();
    await field.setValue('@a');
    await field.trigger('keydown', { key: 'Escape' });
    expect(names()).toEqual([]);
    await field.setValue('@an');
    expect(names()).toEqual([]);
    await field.setValue('@an @');
    expect(names()).toHaveLength(3);
  });
});
