/** Names of the cookies: who is logged in, and which accounts this browser has logged in to. */
export const SESSION_COOKIE = 'opsroom_session';
export const DEVICE_COOKIE = 'opsroom_device';

/** The value of a cookie in a `Cookie` header; undefined when it is not there. Ours need no decoding. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at >= 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  /** '' or '/ops'. */
  readonly basePath: string;
  readonly secure: boolean;
  readonly maxAgeMs: number;
}

/**
 * A `Set-Cookie` value: out of reach of scripts, sent to this server's own paths and not by other sites' forms. With
 * `maxAgeMs` 0 it removes the cookie.
 */
export function printCookie(name: string, value: string, options: CookieOptions): string {
  const age = Math.floor(options.maxAgeMs / 1000);
  const secure = options.secure ? '; Secure' : '';
  return `${name}=${value}; Path=${options.basePath}/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}
