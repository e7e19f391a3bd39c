import {
  ACCOUNT_AUDIT_KINDS,
  ALERT_HISTORY_KINDS,
  type AccountAuditEntry,
  type AccountAuditKind,
  type AlertHistoryEntry,
  type AlertHistoryKind,
} from '@opsroom/contracts';
import { HISTORY_WORDS } from './timeline.js';

export type AuditEntry =
  | { readonly source: 'account'; readonly entry: AccountAuditEntry }
  | { readonly source: 'alert'; readonly entry: AlertHistoryEntry };

/** One of the two records as far as it has been fetched, newest first. `done`: there is nothing older. */
export interface AuditPart {
  readonly entries: readonly AuditEntry[];
  readonly done: boolean;
}

/** Which kinds of each record a choice asks for; null: none of it. */
export interface AuditKinds {
  readonly account: readonly AccountAuditKind[] | null;
  readonly alert: readonly AlertHistoryKind[] | null;
}

export const ACCOUNT_WORDS: Record<AccountAuditKind, string> = {
  setup: 'set up the server',
  login: 'logged in',
  login_failed: 'failed to log in',
  logout: 'logged out',
  password_changed: 'changed the password of',
  account_created: 'made the account',
  account_changed: 'changed the account',
  account_removed: 'removed the account',
  token_created: 'made the token',
  token_revoked: 'revoked the token',
  rules_created: 'made the rule file',
  rules_changed: 'changed the rule file',
  rules_removed: 'removed the rule file',
};

/** What happened to an alert, told away from its war room. */
export const AUDIT_HISTORY_WORDS: typeof HISTORY_WORDS = { ...HISTORY_WORDS, opened: 'opened the war room' };

const RULE_FILES: readonly AccountAuditKind[] = ['rules_created', 'rules_changed', 'rules_removed'];
const ACCOUNTS = ACCOUNT_AUDIT_KINDS.filter((kind) => !RULE_FILES.includes(kind));
const CONDITIONS: readonly AlertHistoryKind[] = ['pending', 'fired', 'resolved', 'dropped', 'flapped', 'worsened'];
const NOTIFICATIONS: readonly AlertHistoryKind[] = ['notified', 'held_back', 'reminded'];
const BY_PEOPLE = ALERT_HISTORY_KINDS.filter((kind) => !CONDITIONS.includes(kind) && !NOTIFICATIONS.includes(kind));

/** Choices that stand for several kinds. The first is what the page shows unless asked otherwise. */
export const AUDIT_GROUPS: Readonly<Record<string, AuditKinds & { readonly label: string }>> = {
  people: { label: 'what people did', account: ACCOUNT_AUDIT_KINDS, alert: BY_PEOPLE },
  all: { label: 'everything', account: ACCOUNT_AUDIT_KINDS, alert: ALERT_HISTORY_KINDS },
  accounts: { label: 'accounts and logins', account: ACCOUNTS, alert: null },
  rules: { label: 'rule files', account: RULE_FILES, alert: null },
  acts: { label: 'acts on alerts', account: null, alert: BY_PEOPLE },
  conditions: { label: 'how alerts changed', account: null, alert: CONDITIONS },
  notifications: { label: 'notifications', account: null, alert: NOTIFICATIONS },
};

/** Single kinds that can be chosen, with their words. */
export const AUDIT_KINDS: readonly { readonly kind: string; readonly label: string }[] = [
  ...ALERT_HISTORY_KINDS.map((kind) => ({ kind, label: AUDIT_HISTORY_WORDS[kind] })),
  ...ACCOUNT_AUDIT_KINDS.map((kind) => ({ kind, label: ACCOUNT_WORDS[kind] })),
];

/** Reads a choice as it stands in the address; anything unknown is the first group. */
export function kindsOf(choice: string): AuditKinds {
  const group = Object.hasOwn(AUDIT_GROUPS, choice) ? AUDIT_GROUPS[choice] : undefined;
  if (group) return { account: group.account, alert: group.alert };
  const account = ACCOUNT_AUDIT_KINDS.find((kind) => kind === choice);
  const alert = ALERT_HISTORY_KINDS.find((kind) => kind === choice);
  if (account || alert) return { account: account ? [account] : null, alert: alert ? [alert] : null };
  return { account: ACCOUNT_AUDIT_KINDS, alert: BY_PEOPLE };
}

/**
 * Both records as one list, newest first, no further back than both are known: beyond that an entry of the other could still
 * belong between.
 */
export function mergeAudit(parts: readonly AuditPart[]): AuditEntry[] {
  const horizon = horizonOf(parts);
  return parts
    .flatMap((part) => part.entries)
    .filter(({ entry }) => entry.atMs >= horizon)
    .sort((a, b) => b.entry.atMs - a.entry.atMs || b.entry.id - a.entry.id);
}

/** Whether the list can only grow once this part has been fetched further. */
export const holdsBack = (part: AuditPart, parts: readonly AuditPart[]): boolean =>
  !part.done && reachOf(part) === horizonOf(parts);

const horizonOf = (parts: readonly AuditPart[]): number => Math.max(...parts.map(reachOf));
const reachOf = (part: AuditPart): number => (part.done ? -Infinity : (part.entries.at(-1)?.entry.atMs ?? Infinity));
