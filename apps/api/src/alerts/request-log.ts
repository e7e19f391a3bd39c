import { Injectable } from '@nestjs/common';
import { Clock } from '../model/clock.js';
import { Database } from '../storage/database.js';

/** Who asks, for the audit: an account and the address that it came from. */
export interface Actor {
  readonly name: string;
  readonly address?: string;
}

/** How long the answer to a request id is kept. */
const KEPT_MS = 7 * 86_400_000;

/**
 * In: requests with an id. Out: the answer, the first one again when the id repeats. Owns: the table `alert_requests`.
 * The answer is stored in the transaction that does the work, so that a request is done exactly once over any crash.
 */
@Injectable()
export class RequestLog {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Does `work` in a transaction unless this actor's request of this kind and id is done already. */
  once<T extends object>(
    actor: Actor,
    kind: string,
    requestId: string,
    work: () => T,
  ): { readonly result: T; readonly repeated: boolean } {
    return this.database.transaction(() => {
      const known = this.database
        .statement('SELECT reply FROM alert_requests WHERE actor = ? AND kind = ? AND request_id = ?')
        .get(actor.name, kind, requestId);
      if (known) return { result: JSON.parse(String(known.reply)) as T, repeated: true };
      const result = work();
      this.database
        .statement('INSERT INTO alert_requests (actor, kind, request_id, at_ms, reply) VALUES (?, ?, ?, ?, ?)')
        .run(actor.name, kind, requestId, this.clock.nowMs(), JSON.stringify(result));
      return { result, repeated: false };
    });
  }

  /** Drops answers that nobody will ask for again. */
  forgetOld(): void {
    this.database.statement('DELETE FROM alert_requests WHERE at_ms < ?').run(this.clock.nowMs() - KEPT_MS);
  }
}
