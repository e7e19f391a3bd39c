import { Injectable } from '@nestjs/common';
import type { Matcher } from '@opsroom/promql';
import type { AlertState } from './alert-state.js';
import { LabelIndex } from './label-index.js';
import { kinKey } from './severity.js';

/**
 * In: states of alerts. Out: the same by fingerprint, by matchers, by rule and by kin (equal but for severity). Owns: every
 * alert in memory and its indexes. It decides nothing; `AlertsService` alone writes to it.
 */
@Injectable()
export class AlertBook {
  private readonly states = new Map<string, AlertState>();
  private readonly labels = new LabelIndex();
  private readonly active = new Map<string, Set<string>>();
  private readonly kin = new Map<string, Set<string>>();

  get size(): number {
    return this.states.size;
  }

  get(fingerprint: string): AlertState | undefined {
    return this.states.get(fingerprint);
  }

  all(): Iterable<AlertState> {
    return this.states.values();
  }

  set(state: AlertState): void {
    const { fingerprint } = state;
    const previous = this.states.get(fingerprint);
    this.states.set(fingerprint, state);
    if (!previous) {
      this.labels.add(fingerprint, state.labels);
      const kin = kinKey(state.labels);
      if (kin !== undefined) link(this.kin, kin, fingerprint);
    }
    const isActive = state.condition !== 'resolved';
    if (previous && (previous.ruleId !== state.ruleId || !isActive)) unlink(this.active, previous.ruleId, fingerprint);
    if (isActive) link(this.active, state.ruleId, fingerprint);
  }

  remove(fingerprint: string): void {
    const state = this.states.get(fingerprint);
    if (!state) return;
    this.states.delete(fingerprint);
    this.labels.remove(fingerprint);
    unlink(this.active, state.ruleId, fingerprint);
    const kin = kinKey(state.labels);
    if (kin !== undefined) unlink(this.kin, kin, fingerprint);
  }

  *select(matchers: readonly Matcher[]): Iterable<AlertState> {
    for (const fingerprint of this.labels.select(matchers)) {
      const state = this.states.get(fingerprint);
      if (state) yield state;
    }
  }

  /** Fingerprints of a rule's alerts that are pending or firing. */
  activeOf(ruleId: string): ReadonlySet<string> {
    return this.active.get(ruleId) ?? NONE;
  }

  /** Ids of the rules that have pending or firing alerts. */
  activeRules(): Iterable<string> {
    return this.active.keys();
  }

  /** The other alerts that differ from this one in severity alone. */
  *kinOf(state: AlertState): Iterable<AlertState> {
    const key = kinKey(state.labels);
    for (const fingerprint of this.kin.get(key ?? '') ?? NONE) {
      const other = this.states.get(fingerprint);
      if (other && fingerprint !== state.fingerprint) yield other;
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

function link(map: Map<string, Set<string>>, key: string, member: string): void {
  const members = map.get(key);
  if (members) members.add(member);
  else map.set(key, new Set([member]));
}

function unlink(map: Map<string, Set<string>>, key: string, member: string): void {
  const members = map.get(key);
  members?.delete(member);
  if (members?.size === 0) map.delete(key);
}
