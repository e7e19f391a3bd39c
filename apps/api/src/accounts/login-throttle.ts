import { Injectable } from '@nestjs/common';
/** How many failures are free and how the waits grow after them. */
export interface ThrottleRule {
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Somebody who mistypes has room; guessing gets 4 tries an hour in the end. */
export const accountRule: ThrottleRule = { free: 5, firstWaitMs: 1000, longestWaitMs: 15 * 60_000 };
/** An office behind one address has more people who mistype. */
export const addressRule: ThrottleRule = { free: 20, firstWaitMs: 1000, longestWaitMs: 15 * 60_000 };

/** How long the wait is after `failures` in a row: none while they are free, then doubling. */
export function waitAfter(failures: number, rule: ThrottleRule): number {
  if (failures < rule.free) return 0;
  return Math.min(rule.firstWaitMs * 2 ** (failures - rule.free), rule.longestWaitMs);
}

interface Count {
  failures: number;
  blockedUntilMs: number;
  lastMs: number;
}

/** Nothing is remembered of a name or address that has been quiet for so long. */
const FORGET_MS = 60 * 60_000;
const MAX_KEYS = 20_000;

/**
 * Slows guessing down. Every attempt is charged as a failure before the password is looked at, so that many at once do not
 * slip through, and the charge is taken back when it was right. A browser that has logged in to the account before is
 * counted by itself, so that strangers who guess cannot lock its owner out.
 */
@Injectable()
export class LoginThrottle {
  private readonly counts = new Map<string, Count>();

  /** 0 and the attempt is charged; otherwise ms to wait, and nothing is charged. */
  charge(keys: LoginKeys, nowMs: number): number {
    const charged = rulesOf(keys);
    const waitMs = Math.max(...charged.map(([key]) => (this.live(key, nowMs)?.blockedUntilMs ?? 0) - nowMs));
    if (waitMs > 0) return waitMs;
    for (const [key, rule] of charged) {
      const count = this.live(key, nowMs) ?? { failures: 0, blockedUntilMs: 0, lastMs: nowMs };
      count.failures++;
      count.lastMs = nowMs;
      count.blockedUntilMs = nowMs + waitAfter(count.failures, rule);
      this.counts.delete(key);
      this.counts.set(key, count);
    }
    this.bound();
    return 0;
  }

  /** The password was right: its own count starts again, and the address gets back what this attempt cost it. */
  succeeded(keys: LoginKeys): void {
    const [[own], [address]] = rulesOf(keys);
    this.counts.delete(own);
    const count = this.counts.get(address);
    if (!count) return;
    count.failures--;
    count.blockedUntilMs = 0;
    if (count.failures <= 0) this.counts.delete(address);
  }

  private live(key: string, nowMs: number): Count | undefined {
    const count = this.counts.get(key);
    if (count && nowMs - count.lastMs > FORGET_MS) {
      this.counts.delete(key);
      return undefined;
    }
    return count;
  }

  /** The oldest go first; a map keeps the order in which they were last charged. */
  private bound(): void {
    for (const key of this.counts.keys()) {
      if (this.counts.size <= MAX_KEYS) return;
      this.counts.delete(key);
    }
  }
}

export interface LoginKeys {
  readonly name: string;
  readonly address: string;
  /** Names the browser, when it has logged in to this account before. */
  readonly device: string | undefined;
}

function rulesOf(keys: LoginKeys): readonly [readonly [string, ThrottleRule], readonly [string, ThrottleRule]] {
  const own = keys.device === undefined ? `account ${keys.name.toLowerCase()}` : `device ${keys.device}`;
  return [
    [own, accountRule],
    [`address ${keys.address}`, addressRule],
  ];
}
