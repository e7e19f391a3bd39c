import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AlertRef } from '@opsroom/contracts';
import { Refusal } from '../../model/refusal.js';
import type { Database } from '../../storage/database.js';

/** What a link stands for. */
export interface AcknowledgeGrant extends AlertRef {
  /** Used once: the second use is refused. */
  readonly id: string;
  readonly receiver: string;
  readonly expiresMs: number;
}

/** How long a message's link works. */
export const LINK_LIFETIME_MS = 7 * 86_400_000;
const SECRET_BYTES = 32;

/**
 * Links in messages that acknowledge one episode, once, without a login: whoever has the message may. The token is the grant in
 * base64url and its HMAC-SHA-256 under a secret of this data folder. Spent ones are kept until they would have expired.
 */
export class AcknowledgeLinks {
  private readonly secret: Buffer;

  constructor(private readonly database: Database) {
    this.secret = loadSecret(database);
  }

  /** `id` names the link among all that are ever made; `madeMs` begins its life. The same always give the same token. */
  token(id: string, alert: AlertRef, receiver: string, madeMs: number): string {
    const { fingerprint, episode } = alert;
    const grant: AcknowledgeGrant = { id, fingerprint, episode, receiver, expiresMs: madeMs + LINK_LIFETIME_MS };
    const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
    return `${payload}.${this.sign(payload)}`;
  }

  /** Reads a token without spending it. Throws a `Refusal` when it is forged, spent or too old. */
  read(token: string, nowMs: number): AcknowledgeGrant {
    const [payload = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature);
    const expected = Buffer.from(this.sign(payload));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Refusal(
        'bad_request',
        'this link is not one of ours; open the alert on the page and acknowledge it there',
      );
    }
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString()) as AcknowledgeGrant;
    if (grant.expiresMs <= nowMs) {
      throw new Refusal('bad_request', 'this link has expired; open the alert on the page and acknowledge it there');
    }
    if (this.database.statement('SELECT 1 FROM acknowledge_links WHERE id = ?').get(grant.id)) {
      throw new Refusal('conflict', 'this link has been used; open the alert on the page to see who has it');
    }
    return grant;
  }

  /** Reads and spends it, in one transaction with `act`: a link is spent if and only if its act was done. */
  redeem<T>(token: string, nowMs: number, act: (grant: AcknowledgeGrant) => T): T {
    return this.database.transaction(() => {
      const grant = this.read(token, nowMs);
      this.database.statement('DELETE FROM acknowledge_links WHERE expires_ms < ?').run(nowMs);
      this.database
        .statement('INSERT INTO acknowledge_links (id, used_ms, expires_ms) VALUES (?, ?, ?)')
        .run(grant.id, nowMs, grant.expiresMs);
      return act(grant);
    });
  }

  private sign(payload: string): string {
    return createHmac('sha256', this.secret).update(payload).digest('base64url');
  }
}

function loadSecret(database: Database): Buffer {
  const made = randomBytes(SECRET_BYTES).toString('base64url');
  database.statement('INSERT OR IGNORE INTO acknowledge_secret (id, secret) VALUES (1, ?)').run(made);
  const row = database.statement('SELECT secret FROM acknowledge_secret WHERE id = 1').get();
  return Buffer.from(String(row?.secret), 'base64url');
}
