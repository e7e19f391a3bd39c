/** What an `Authorization` header brings. */
export type Authorization =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly name: string; readonly password: string }
  | { readonly kind: 'unreadable' };

/**
 * Reads `Bearer <token>`, and `Basic` with a token as password (any name) or with the name and password of an account;
 * undefined when there is no header.
 */
export function readAuthorization(header: string | undefined, tokenMark: string): Authorization | undefined {
  if (header === undefined || header === '') return undefined;
  const [scheme, value] = splitOnce(header.trim(), ' ');
  if (/^bearer$/i.test(scheme) && value.trim() !== '') return { kind: 'token', token: value.trim() };
  if (!/^basic$/i.test(scheme)) return { kind: 'unreadable' };
  const decoded = Buffer.from(value.trim(), 'base64').toString('utf8');
  if (!decoded.includes(':')) return { kind: 'unreadable' };
  const [name, password] = splitOnce(decoded, ':');
  if (password.startsWith(tokenMark)) return { kind: 'token', token: password };
  return { kind: 'password', name, password };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
