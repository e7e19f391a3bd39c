import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { Unit } from '../../format/units.js';

/** A topic on the Explore page. Without a unit, it is guessed from the expression. */
export interface ExploredTopic {
  readonly expr: string;
  readonly unit?: Unit;
}

const UNITS: readonly Unit[] = ['none', 'bytes', 'bytesPerSecond', 'percent', 'ratio', 'seconds', 'perSecond'];

/** How a unit is offered for choosing. */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  none: 'number',
  bytes: 'bytes',
  bytesPerSecond: 'bytes/s',
  percent: 'percent (0–100)',
  ratio: 'ratio (0–1)',
  seconds: 'seconds',
  perSecond: 'per second',
};

const texts = (value: LocationQuery[string] | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string');

/** Reads the topics of an address: `q` once for each, `u` with their units in the same order where one was chosen. */
export function topicsOf(query: LocationQuery): ExploredTopic[] {
  const units = texts(query.u);
  return texts(query.q).map((expr, i) => {
    const unit = UNITS.find((known) => known === units[i]);
    return unit ? { expr, unit } : { expr };
  });
}

/** The part of the address that says these topics; a copy of it shows the same. */
export function queryOf(topics: readonly ExploredTopic[]): LocationQueryRaw {
  const chosen = topics.some(({ unit }) => unit !== undefined);
  return {
    q: topics.length > 0 ? topics.map(({ expr }) => expr) : undefined,
    u: chosen ? topics.map(({ unit }) => unit ?? '') : undefined,
  };
}

/** Moves one topic by one place; the same list when it is at the end already. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const target = index + by;
  if (target < 0 || target >= list.length) return list;
  const next = [...list];
  [next[index], next[target]] = [next[target], next[index]];
  return next;
}
