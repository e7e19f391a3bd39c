import type { AccountAuditEntry, AlertHistoryEntry } from '@opsroom/contracts';
import { requestJson } from './http.js';

/** What is asked for: the newest `limit` entries, or those before the one with the id `before`. */
export interface AuditQuery {
  readonly limit: number;
  readonly before: number | undefined;
  readonly kinds: readonly string[];
  /** '': anybody. */
  readonly actor: string;
}

/** Logins and changes of accounts; administrators only. */
export const listAccountAudit = async (query: AuditQuery): Promise<readonly AccountAuditEntry[]> =>
  (await requestJson<{ entries: readonly AccountAuditEntry[] }>('GET', `api/opsroom/audit?${print(query)}`)).entries;

/** What happened to all alerts. */
export const listAlertHistory = async (query: AuditQuery): Promise<readonly AlertHistoryEntry[]> =>
  (await requestJson<{ entries: readonly AlertHistoryEntry[] }>('GET', `api/opsroom/alert-history?${print(query)}`))
    .entries;

function print({ limit, before, kinds, actor }: AuditQuery): string {
  const parameters = new URLSearchParams({ limit: String(limit), kinds: kinds.join(',') });
  if (before !== undefined) parameters.set('before', String(before));
  if (actor !== '') parameters.set('actor', actor);
  return parameters.toString();
}
