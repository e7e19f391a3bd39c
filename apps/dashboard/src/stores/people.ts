import type { Person } from './people-search.js';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { ask } from '../sockets/server.js';

/**
 * Everybody with an account, to assign alerts to and to mention.
 * In: `people:list`, asked for when a list is opened. Out: names and roles; null while unknown. Owns: what was last known.
 */
export const usePeople = defineStore('people', () => {
  const people = shallowRef<readonly Person[] | null>(null);

  /** Asks again; keeps what is known when there is no answer. */
  async function load(): Promise<void> {
    try {
      people.value = (await ask('/alerts', 'people:list', {})).people;
    } catch {
      // Names can be typed without the list; it is asked for again the next time.
    }
  }

  return { people, load };
});
