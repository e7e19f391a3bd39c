/** What an account may do; each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'responder', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
  /** How it was proven. */
  readonly via: 'session' | 'token' | 'anonymous';
}

export const roleAllows = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** `GET session` answers with this. */
export interface SessionView {
  readonly identity: Identity | null;
  /** No account exists yet: the page shows the set-up form to whoever has the one-time link. */
  readonly setupNeeded: boolean;
  /** Set when strangers have a role; the page says so. */
  readonly anonymous: Role | null;
  readonly version: string;
}

/** An account as administrators see it. */
export interface AccountView {
  readonly name: string;
  readonly role: Role;
  readonly createdMs: number;
  readonly lastLoginMs: number | null;
  /** Browsers that are logged in now. */
  readonly sessions: number;
}

/** A machine's token without its secret, which is shown once, when it is made. */
export interface TokenView {
  readonly id: number;
  readonly name: string;
  /** How the secret begins, to tell tokens apart. */
  readonly prefix: string;
  /** At most its owner's role. */
  readonly role: Role;
  readonly owner: string;
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
}

export const ACCOUNT_AUDIT_KINDS = [
  'setup',
  'login',
  'login_failed',
  'logout',
  'password_changed',
  'account_created',
  'account_changed',
  'account_removed',
  'token_created',
  'token_revoked',
  'rules_created',
  'rules_changed',
  'rules_removed',
] as const;
export type AccountAuditKind = (typeof ACCOUNT_AUDIT_KINDS)[number];

/** One entry of the append-only record of logins and of changes of accounts and rule files. */
export interface AccountAuditEntry {
  readonly id: number;
  readonly atMs: number;
  readonly kind: AccountAuditKind;
  /** Who did it; for a failed login the name that was tried. */
  readonly actor: string;
  /** The account, token or rule file that it was done to. */
  readonly subject: string;
  readonly address: string;
  readonly detail: string;
}

/** Which entries are asked for; what is absent does not restrict. */
export interface AccountAuditFilter {
  readonly kinds?: readonly AccountAuditKind[] | undefined;
  readonly actor?: string | undefined;
}
