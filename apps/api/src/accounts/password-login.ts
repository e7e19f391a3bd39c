import { Injectable } from '@nestjs/common';
import { Clock } from '../model/clock.js';
import { SelfMetrics } from '../model/self-metrics.js';
import { AccountAudit } from './account-audit.js';
import { AccountError } from './account-error.js';
import { type AccountRow, AccountRows } from './account-rows.js';
import { LoginThrottle } from './login-throttle.js';
import { storedForm } from './names.js';
import { Passwords } from './passwords.js';
import { SessionRows } from './session-rows.js';

/** Who tries to log in, from where. */
export interface PasswordAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  /** Secret of the browser's device cookie. */
  readonly device: string | undefined;
}

/**
 * In: names and passwords. Out: the account, or a refusal that does not say which of the two was wrong.
 * Owns: the order of things: slow down, verify, record.
 */
@Injectable()
export class PasswordLogin {
  private readonly outcomes;

  constructor(
    private readonly accounts: AccountRows,
    private readonly sessions: SessionRows,
    private readonly passwords: Passwords,
    private readonly throttle: LoginThrottle,
    private readonly audit: AccountAudit,
    private readonly clock: Clock,
    metrics: SelfMetrics,
  ) {
    this.outcomes = metrics.counter({
      name: 'opsroom_logins_total',
      help: 'Passwords that were tried, by outcome.',
      labelNames: ['outcome'],
    });
  }

  /** Throws `AccountError`: `unauthenticated`, or `too_many_requests` with the time to wait. */
  async verify(attempt: PasswordAttempt): Promise<AccountRow> {
    const { address } = attempt;
    const name = storedForm(attempt.name);
    const account = this.accounts.byName(name);
    const nowMs = this.clock.nowMs();
    const known = account && attempt.device !== undefined && this.sessions.knowsDevice(attempt.device, account.id);
    const keys = { name, address, device: known ? attempt.device : undefined };
    const waitMs = this.throttle.charge(keys, nowMs);
    if (waitMs > 0) {
      this.outcomes.inc({ outcome: 'slowed_down' });
      const seconds = Math.ceil(waitMs / 1000);
      throw new AccountError('too_many_requests', `too many wrong passwords; try again in ${seconds} s`, waitMs);
    }
    if (!(await this.passwords.verify(account?.passwordHash, attempt.password)) || !account) {
      this.outcomes.inc({ outcome: 'wrong' });
      this.audit.append({ atMs: nowMs, kind: 'login_failed', actor: name, subject: name, address, detail: '' });
      throw new AccountError('unauthenticated', 'name or password is wrong');
    }
    this.throttle.succeeded(keys);
    this.outcomes.inc({ outcome: 'right' });
    return account;
  }

  /** The same for programs that send their password with every request: what was right a moment ago is right. */
  async verifyOften(attempt: PasswordAttempt): Promise<AccountRow> {
    const account = this.accounts.byName(storedForm(attempt.name));
    const nowMs = this.clock.nowMs();
    if (account && this.passwords.recalls(account.passwordHash, attempt.password, nowMs)) return account;
    const verified = await this.verify(attempt);
    this.passwords.remember(verified.passwordHash, attempt.password, nowMs);
    return verified;
  }
}
