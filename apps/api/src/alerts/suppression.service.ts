import { Injectable } from '@nestjs/common';
import type { Suppression } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import type { Route } from '../routing/route.js';
import { type Muting, Routing } from '../routing/routing.js';
import { AlertBook } from './alert-book.js';
import type { AlertState } from './alert-state.js';
import { InhibitionIndex } from './inhibition.js';
import { compileMatchers } from './label-index.js';
import { SilencesService } from './silences.service.js';

const NONE: readonly Suppression[] = [];

/**
 * In: alerts as they change, silences, and time that mutes routes. Out: why an alert is suppressed now. Owns: the inhibition
 * index and answers that still hold; nothing of it is ever stored.
 */
@Injectable()
export class SuppressionService {
  private readonly inhibition: InhibitionIndex;
  private readonly answers = new Map<string, readonly Suppression[]>();
  private muted: ReadonlyMap<Route, Muting> = new Map();

  constructor(
    config: OpsroomConfig,
    private readonly silences: SilencesService,
    private readonly book: AlertBook,
    private readonly routing: Routing,
  ) {
    this.inhibition = new InhibitionIndex(
      config.inhibitRules.map((rule) => ({
        sourceMatchers: compileMatchers(rule.sourceMatchers),
        targetMatchers: compileMatchers(rule.targetMatchers),
        equal: rule.equal,
        parentLabels: rule.parentLabels,
      })),
    );
  }

  /** What suppresses the alert now; only a firing one can be. */
  of(state: AlertState): readonly Suppression[] {
    if (state.condition !== 'firing') return NONE;
    const known = this.answers.get(state.fingerprint);
    if (known) return known;
    const answer = this.compute(state);
    this.answers.set(state.fingerprint, answer);
    return answer;
  }

  /** Tells that an alert has another condition; returns the others whose suppression may have changed by it. */
  conditionChanged(fingerprint: string, labels: AlertState['labels'], fires: boolean): Set<string> {
    this.answers.delete(fingerprint);
    const affected = this.inhibition.update(fingerprint, labels, fires);
    for (const other of affected) this.answers.delete(other);
    return affected;
  }

  /** Tells that silences with these matchers began to hold or ceased to; returns the alerts that they concern. */
  silencesChanged(changed: readonly (readonly Matcher[])[]): Set<string> {
    const affected = new Set<string>();
    for (const matchers of changed) {
      for (const state of this.book.select(matchers)) {
        if (state.condition !== 'firing') continue;
        affected.add(state.fingerprint);
        this.answers.delete(state.fingerprint);
      }
    }
    return affected;
  }

  /** Tells what time it is; returns the alerts that mute times concern when other ones hold than before. */
  timePassed(nowMs: number): Set<string> {
    const before = this.muted;
    this.muted = this.routing.mutedRoutes(nowMs);
    const affected = new Set<string>();
    if (sameMutings(before, this.muted)) return affected;
    for (const { fingerprint, condition } of this.book.all()) {
      if (condition !== 'firing') continue;
      affected.add(fingerprint);
      this.answers.delete(fingerprint);
    }
    return affected;
  }

  private compute(state: AlertState): readonly Suppression[] {
    const found: Suppression[] = this.silences
      .matching(state.labels)
      .map((silenceId) => ({ kind: 'silence', silenceId }));
    const bySource = this.inhibition.inhibitedBy(state.fingerprint);
    if (bySource !== undefined) found.push({ kind: 'inhibition', bySource });
    found.push(...this.mutings(state));
    return found.length > 0 ? found : NONE;
  }

  /** What mutes the alert: only when no route is left that would tell of it. */
  private mutings({ labels }: AlertState): Iterable<Muting> {
    if (this.muted.size === 0) return [];
    const found = new Map<string, Muting>();
    for (const route of this.routing.routesOf(labels)) {
      const muting = this.muted.get(route);
      if (!muting) return [];
      found.set(JSON.stringify(muting), muting);
    }
    return found.values();
  }
}

function sameMutings(one: ReadonlyMap<Route, Muting>, other: ReadonlyMap<Route, Muting>): boolean {
  const alike = (route: Route, muting: Muting): boolean => JSON.stringify(other.get(route)) === JSON.stringify(muting);
  return one.size === other.size && [...one].every(([route, muting]) => alike(route, muting));
}
