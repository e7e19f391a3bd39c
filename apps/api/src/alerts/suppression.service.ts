import { Injectable } from '@nestjs/common';
import type { Suppression } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import { AlertBook } from './alert-book.js';
import type { AlertState } from './alert-state.js';
import { InhibitionIndex } from './inhibition.js';
import { compileMatchers } from './label-index.js';
import { SilencesService } from './silences.service.js';

const NONE: readonly Suppression[] = [];

/**
 * In: alerts as they change, and silences. Out: why an alert is suppressed now. Owns: the inhibition index and answers that
 * still hold; nothing of it is ever stored.
 */
@Injectable()
export class SuppressionService {
  private readonly inhibition: InhibitionIndex;
  private readonly answers = new Map<string, readonly Suppression[]>();

  constructor(
    config: OpsroomConfig,
    private readonly silences: SilencesService,
    private readonly book: AlertBook,
  ) {
    this.inhibition = new InhibitionIndex(
      config.inhibitRules.map((rule) => ({
        sourceMatchers: compileMatchers(rule.sourceMatchers),
        targetMatchers: compileMatchers(rule.targetMatchers),
        equal: rule.equal,
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

  private compute(state: AlertState): readonly Suppression[] {
    const found: Suppression[] = this.silences
      .matching(state.labels)
      .map((silenceId) => ({ kind: 'silence', silenceId }));
    const bySource = this.inhibition.inhibitedBy(state.fingerprint);
    if (bySource !== undefined) found.push({ kind: 'inhibition', bySource });
    return found.length > 0 ? found : NONE;
  }
}
