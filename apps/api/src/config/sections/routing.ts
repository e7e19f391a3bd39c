/** `route` and `inhibit_rules` of alertmanager.yml, with the older spellings of their matchers; `parent_labels` is our own. */
import type { MatcherSpec, MatchOperator } from '@opsroom/contracts';
import { z } from 'zod';
import type { InhibitRuleConfig, RouteConfig } from '../config.js';
import { checkMatcher, MatcherSyntaxError, parseMatchers } from '../matchers.js';
import { boolean, duration, list, nonEmpty, section, text, textMap } from './values.js';

/** Runs `read`; its `MatcherSyntaxError` becomes an issue of the value. */
function explained<T>(context: z.core.$RefinementCtx, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MatcherSyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}

/** `matchers`: a list of texts, each with one or more matchers. */
const matchers = () =>
  z.preprocess(
    // One text instead of a list of one is a common slip that Alertmanager refuses with an obscure message; it is clear what is meant.
    (input) => (typeof input === 'string' && input !== '' ? [input] : input),
    list(text().transform((value, context) => explained(context, () => parseMatchers(value)))).transform((lists) =>
      lists.flat(),
    ),
  );

/** `match`, `match_re` and their like: a mapping of label names to values. */
const matchMap = (operator: MatchOperator) =>
  textMap().transform((map, context): MatcherSpec[] =>
    Object.entries(map).map(([name, value]) => {
      const matcher = { name, operator, value };
      explained(context, () => checkMatcher(matcher));
      return matcher;
    }),
  );

const positive = () => duration().refine((ms) => ms > 0, { error: 'must be longer than 0s' });

const labelList = () =>
  list(nonEmpty()).refine((names) => new Set(names).size === names.length, { error: 'names a label twice' });

const routeShape = {
  receiver: nonEmpty().optional(),
  group_by: labelList().optional(),
  continue: boolean().default(false),
  matchers: matchers().default([]),
  match: matchMap('=').default([]),
  match_re: matchMap('=~').default([]),
  group_wait: duration().optional(),
  group_interval: positive().optional(),
  repeat_interval: positive().optional(),
  mute_time_intervals: list(nonEmpty()).default([]),
  active_time_intervals: list(nonEmpty()).default([]),
};

export const route: z.ZodType<RouteConfig> = section('route', {
  ...routeShape,
  get routes(): z.ZodType<readonly RouteConfig[]> {
    return list(route).default([]);
  },
}).transform((value): RouteConfig => ({
  receiver: value.receiver,
  matchers: [...value.match, ...value.match_re, ...value.matchers],
  groupBy: value.group_by,
  groupWaitMs: value.group_wait,
  groupIntervalMs: value.group_interval,
  repeatIntervalMs: value.repeat_interval,
  continue: value.continue,
  muteTimeIntervals: value.mute_time_intervals,
  activeTimeIntervals: value.active_time_intervals,
  routes: value.routes,
}));

export const inhibitRule = section('inhibit_rules', {
  name: text().optional(),
  source_matchers: matchers().default([]),
  source_match: matchMap('=').default([]),
  source_match_re: matchMap('=~').default([]),
  target_matchers: matchers().default([]),
  target_match: matchMap('=').default([]),
  target_match_re: matchMap('=~').default([]),
  equal: list(nonEmpty()).default([]),
  parent_labels: textMap().default({}),
}).transform((value): InhibitRuleConfig => ({
  sourceMatchers: [...value.source_match, ...value.source_match_re, ...value.source_matchers],
  targetMatchers: [...value.target_match, ...value.target_match_re, ...value.target_matchers],
  equal: value.equal,
  parentLabels: value.parent_labels,
}));
