import type { MatcherSpec } from '@opsroom/contracts';
import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { matchersFromQuery, printMatcher } from '../format/matchers.js';
import { SHOWS, type Show } from '../stores/alert-view.js';

export interface AlertsQuery {
  readonly matchers: WritableComputedRef<readonly MatcherSpec[]>;
  readonly show: WritableComputedRef<Show>;
  readonly groupBy: WritableComputedRef<string>;
  clear: () => void;
}

/** What is chosen on the alerts page, kept in its address: `m` for each matcher, `show`, `group`. */
export function useAlertsQuery(): AlertsQuery {
  const route = useRoute();
  const router = useRouter();
  const put = (changes: LocationQueryRaw): void => void router.replace({ query: { ...route.query, ...changes } });
  const one = (value: unknown): string => (typeof value === 'string' ? value : '');

  return {
    matchers: computed({
      get: () => matchersFromQuery(route.query.m),
      set: (matchers) => put({ m: matchers.length > 0 ? matchers.map(printMatcher) : undefined }),
    }),
    show: computed({
      get: () => SHOWS.find((show) => show === route.query.show) ?? 'all',
      set: (show) => put({ show: show === 'all' ? undefined : show }),
    }),
    groupBy: computed({
      get: () => one(route.query.group),
      set: (label) => put({ group: label === '' ? undefined : label }),
    }),
    clear: () => put({ m: undefined, show: undefined }),
  };
}
