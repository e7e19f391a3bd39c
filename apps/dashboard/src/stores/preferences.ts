import { useLocalStorage, usePreferredColorScheme } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watchEffect } from 'vue';

export type ThemeChoice = 'system' | 'dark' | 'light';

/** A set of alert filters that somebody gave a name; `query` is the URL's part after the question mark. */
export interface SavedFilter {
  readonly name: string;
  readonly query: string;
}

/**
 * What this browser remembers for itself.
 * In: choices. Out: the theme that holds, saved filters. Owns: `opsroom.*` in local storage and `data-theme` of the root element.
 */
export const usePreferences = defineStore('preferences', () => {
  const theme = useLocalStorage<ThemeChoice>('opsroom.theme', 'system', { writeDefaults: false });
  const savedFilters = useLocalStorage<SavedFilter[]>('opsroom.filters', [], { writeDefaults: false });
  const system = usePreferredColorScheme();

  const shownTheme = computed(() => {
    if (theme.value === 'dark' || theme.value === 'light') return theme.value;
    return system.value === 'light' ? 'light' : 'dark';
  });
  watchEffect(() => (document.documentElement.dataset.theme = shownTheme.value));

  return { theme, shownTheme, savedFilters };
});
