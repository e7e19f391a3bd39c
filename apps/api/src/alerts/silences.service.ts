import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { LabelSet, MatcherSpec, SilenceInput, SilenceState, SilenceView } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';
import { type Observable, Subject } from 'rxjs';
import { Clock } from '../model/clock.js';
import { Refusal } from '../model/refusal.js';
import { Database } from '../storage/database.js';
import { AlertBook } from './alert-book.js';
import type { AlertState } from './alert-state.js';
import { compileMatchers, MatcherIndex } from './label-index.js';
import { type Actor, RequestLog } from './request-log.js';
import { keepsId, type Silence, type SilenceDraft, silenceProblem, silenceState } from './silence.js';

/** Expired silences stay in the list this long. */
const KEPT_MS = 5 * 86_400_000;

/**
 * In: requests for silences, and time that starts and ends them. Out: which silences hold for an alert, and `changes$` with
 * the matchers of those that began or ceased to. Owns: the table `silences` and its compiled form in memory.
 */
@Injectable()
export class SilencesService {
  private readonly silences = new Map<string, Silence>();
  private readonly compiled = new Map<string, readonly Matcher[]>();
  private readonly active = new MatcherIndex<string>();
  private readonly activeIds = new Set<string>();
  private readonly changes = new Subject<readonly Matcher[][]>();

  /** After each change: the matchers of silences that began to hold or ceased to; empty when only the list changed. */
  readonly changes$: Observable<readonly (readonly Matcher[])[]> = this.changes.asObservable();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly book: AlertBook,
    private readonly requests: RequestLog,
  ) {
    for (const row of database.statement('SELECT body FROM silences').all()) {
      this.keep(JSON.parse(String(row.body)) as Silence);
    }
    this.refresh();
  }

  /**
   * Makes a silence, or edits the one with the given id. Durable when it returns. Refuses with `bad_request` what makes no
   * sense and with `not_found` an unknown id; the same requestId again gives the same silence.
   */
  set(input: SilenceInput, actor: Actor): SilenceView {
    const { result, repeated } = this.requests.once(actor, 'silence:create', input.requestId, () =>
      this.write({ ...input, createdBy: actor.name }, input.id),
    );
    if (!repeated) this.accept(result.written);
    return this.view(this.silences.get(result.silence.id) ?? result.silence);
  }

  /** The same for callers that bring a name of their own and no request id: the Alertmanager API. */
  put(draft: SilenceDraft, id?: string): SilenceView {
    const result = this.database.transaction(() => this.write(draft, id));
    this.accept(result.written);
    return this.view(result.silence);
  }

  /** Ends a silence now. Refuses an unknown one (`not_found`) and one that is over (`conflict`). */
  expire(id: string, actor: Actor, requestId: string): SilenceView {
    const { result, repeated } = this.requests.once(actor, 'silence:expire', requestId, () => {
      const ended = this.ended(this.known(id));
      this.store(ended);
      return { silence: ended };
    });
    if (!repeated) this.accept([result.silence]);
    return this.view(this.silences.get(id) ?? result.silence);
  }

  get(id: string): SilenceView | undefined {
    const silence = this.silences.get(id);
    return silence && this.view(silence);
  }

  /** First the active ones, the next to end first; then pending ones, the next to start first; then the last that have ended. */
  list(): SilenceView[] {
    const order = { active: 0, pending: 1, expired: 2 };
    const time = { active: 'endsAtMs', pending: 'startsAtMs', expired: 'endsAtMs' } as const;
    return [...this.silences.values()]
      .map((silence) => this.view(silence))
      .sort((a, b) => {
        if (a.state !== b.state) return order[a.state] - order[b.state];
        const difference = a[time[a.state]] - b[time[b.state]];
        return a.state === 'expired' ? -difference : difference;
      });
  }

  countByState(): Record<SilenceState, number> {
    const nowMs = this.clock.nowMs();
    const counts = { pending: 0, active: 0, expired: 0 };
    for (const silence of this.silences.values()) counts[silenceState(silence, nowMs)]++;
    return counts;
  }

  /** Ids of the silences that hold for these labels now. */
  matching(labels: LabelSet): string[] {
    return this.active.matching(labels).sort();
  }

  /** The alerts that matchers would silence now. */
  preview(matchers: readonly MatcherSpec[]): AlertState[] {
    return [...this.book.select(compileMatchers(matchers))].filter((state) => state.condition === 'firing');
  }

  /** Begins and ends silences whose time has come, and forgets those that ended long ago. */
  refresh(): void {
    const nowMs = this.clock.nowMs();
    const changed: (readonly Matcher[])[] = [];
    let gone = 0;
    for (const silence of this.silences.values()) {
      const isActive = silenceState(silence, nowMs) === 'active';
      if (isActive !== this.activeIds.has(silence.id)) changed.push(this.setActive(silence.id, isActive));
      if (silence.endsAtMs + KEPT_MS >= nowMs) continue;
      this.database.statement('DELETE FROM silences WHERE id = ?').run(silence.id);
      this.silences.delete(silence.id);
      this.compiled.delete(silence.id);
      gone++;
    }
    if (changed.length > 0 || gone > 0) this.changes.next(changed.map((matchers) => [...matchers]));
  }

  private write(draft: SilenceDraft, id: string | undefined): { silence: Silence; written: Silence[] } {
    const nowMs = this.clock.nowMs();
    compileMatchers(draft.matchers);
    const problem = silenceProblem(draft, nowMs);
    if (problem !== undefined) throw new Refusal('bad_request', problem);
    const { matchers, endsAtMs, comment, createdBy } = draft;
    const old = id === undefined ? undefined : this.known(id);
    const body = { matchers, endsAtMs, comment, createdBy, updatedAtMs: nowMs };
    if (old && keepsId(old, draft, nowMs)) {
      const silence = { ...body, id: old.id, startsAtMs: draft.startsAtMs };
      this.store(silence);
      return { silence, written: [silence] };
    }
    const silence = { ...body, id: randomUUID(), startsAtMs: Math.max(draft.startsAtMs, nowMs) };
    this.store(silence);
    const written: Silence[] = [silence];
    if (old && silenceState(old, nowMs) !== 'expired') {
      const ended = this.ended(old);
      this.store(ended);
      written.push(ended);
    }
    return { silence, written };
  }

  private known(id: string): Silence {
    const silence = this.silences.get(id);
    if (!silence) throw new Refusal('not_found', `there is no silence ${id}`);
    return silence;
  }

  private ended(silence: Silence): Silence {
    const nowMs = this.clock.nowMs();
    const state = silenceState(silence, nowMs);
    if (state === 'expired') throw new Refusal('conflict', `silence ${silence.id} is already over`);
    return { ...silence, endsAtMs: nowMs, updatedAtMs: nowMs, ...(state === 'pending' && { startsAtMs: nowMs }) };
  }

  private store(silence: Silence): void {
    this.database
      .statement(
        'INSERT INTO silences (id, body, ends_at_ms) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body, ends_at_ms = excluded.ends_at_ms',
      )
      .run(silence.id, JSON.stringify(silence), silence.endsAtMs);
  }

  /** Takes what is durable into memory and tells about it. */
  private accept(written: readonly Silence[]): void {
    const nowMs = this.clock.nowMs();
    const changed: (readonly Matcher[])[] = [];
    for (const silence of written) {
      const wasActive = this.activeIds.has(silence.id);
      if (wasActive) changed.push(this.setActive(silence.id, false));
      this.keep(silence);
      if (silenceState(silence, nowMs) === 'active') changed.push(this.setActive(silence.id, true));
    }
    this.changes.next(changed.map((matchers) => [...matchers]));
  }

  private keep(silence: Silence): void {
    this.silences.set(silence.id, silence);
    this.compiled.set(silence.id, compileMatchers(silence.matchers));
  }

  private setActive(id: string, isActive: boolean): readonly Matcher[] {
    const matchers = this.compiled.get(id) ?? [];
    if (isActive) {
      this.active.add(id, matchers);
      this.activeIds.add(id);
    } else {
      this.active.remove(id, matchers);
      this.activeIds.delete(id);
    }
    return matchers;
  }

  private view(silence: Silence): SilenceView {
    let matching = 0;
    for (const state of this.book.select(this.compiled.get(silence.id) ?? compileMatchers(silence.matchers))) {
      if (state.condition === 'firing') matching++;
    }
    return { ...silence, state: silenceState(silence, this.clock.nowMs()), matching };
  }
}
