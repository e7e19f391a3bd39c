import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { createHmac, randomBytes } from 'node:crypto';
import { AccountError } from './account-error.js';

/** argon2id (the library's default) with 19 MiB, two passes, one lane: OWASP's recommendation, about 30 ms here. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const MIN_LENGTH = 8;
/** Longer ones cost the server time and nobody types them. */
const MAX_LENGTH = 256;
/** Verifications that may wait for a thread; each takes 19 MiB. */
const MAX_PENDING = 16;
const MAX_REMEMBERED = 1000;
const REMEMBERED_MS = 5 * 60_000;

/** Throws `AccountError` with the rule that the password breaks. */
export function checkPassword(password: string, name: string): void {
  if (password.length < MIN_LENGTH) {
    throw new AccountError('bad_request', `the password needs at least ${MIN_LENGTH} characters`);
  }
  if (password.length > MAX_LENGTH) {
    throw new AccountError('bad_request', `the password may have at most ${MAX_LENGTH} characters`);
  }
  if (password.toLowerCase() === name.toLowerCase()) {
    throw new AccountError('bad_request', 'the password must not be the name');
  }
}

/**
 * In: passwords. Out: whether they are right.
 * Owns: the bound on verifications at once, and a short memory of passwords that were right, so that a program that sends one
 * with every request costs one verification in five minutes. The memory holds keyed hashes, and is dropped with the stored
 * hash that it belongs to.
 */
@Injectable()
export class Passwords {
  private readonly key = randomBytes(32);
  private readonly remembered = new Map<string, number>();
  private pending = 0;
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return hash(password, PARAMETERS);
  }

  /**
   * `stored` is undefined for a name that does not exist: a decoy is then verified, which takes as long. Throws `AccountError`
   * when too many are waiting.
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    if (this.pending >= MAX_PENDING) {
      throw new AccountError('too_many_requests', 'too many logins at once; try again in a moment', 1000);
    }
    this.pending++;
    try {
      this.decoy ??= this.hash(randomBytes(16).toString('hex'));
      const right = await verify(stored ?? (await this.decoy), password.slice(0, MAX_LENGTH + 1));
      return right && stored !== undefined;
    } finally {
      this.pending--;
    }
  }

  /** True if this password was right for this stored hash within the last minutes. */
  recalls(stored: string, password: string, nowMs: number): boolean {
    const until = this.remembered.get(this.memoryKey(stored, password));
    return until !== undefined && nowMs < until && nowMs >= until - REMEMBERED_MS;
  }

  remember(stored: string, password: string, nowMs: number): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(this.memoryKey(stored, password), nowMs + REMEMBERED_MS);
  }

  private memoryKey(stored: string, password: string): string {
    return createHmac('sha256', this.key).update(`${stored}\0${password}`).digest('base64');
  }
}
