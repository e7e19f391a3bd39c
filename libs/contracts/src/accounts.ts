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
