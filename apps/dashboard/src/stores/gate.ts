/** What the gate needs to know of a page that somebody wants to see. */
export interface Wanted {
  readonly name?: unknown;
  readonly fullPath: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/** What is known of the visitor. Unknown: the server could not be asked. */
export type Visitor = 'unknown' | 'identified' | 'stranger' | 'first';

/** Where somebody is sent instead of the page that they asked for. */
export type Instead = { readonly path: string } | { readonly name: string; readonly query?: Record<string, string> };

/**
 * Strangers go to the login page and come back to where they wanted to be; the very first visitor goes to the set-up.
 * True lets them through: so it is while nothing is known, since the page then says so itself, and with a message's link,
 * which is a permission of its own.
 */
export function whereInstead(to: Wanted, visitor: Visitor): true | Instead {
  if (to.name === 'setup' || to.name === 'acknowledge' || visitor === 'unknown') return true;
  if (visitor === 'first') return { name: 'setup' };
  if (to.name === 'login') {
    // `stay`: an anonymous visitor who has a role wants to log in all the same.
    return visitor === 'identified' && to.query.stay === undefined ? { path: safeNext(to.query.next) } : true;
  }
  if (visitor === 'identified') return true;
  return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
}

/** A path of this page that a login leads back to, never another site's address. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
