import { AccountError } from './account-error.js';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;
/** They mean the server itself and people who have not logged in, in histories. */
const RESERVED: readonly string[] = ['opsroom', 'anonymous'];

/** The form in which names are compared and stored; bounded, since anybody may send one. */
export const storedForm = (name: string): string => name.slice(0, 200).trim().normalize('NFKC');

/** The name of an account or token in its stored form (NFKC). Throws `AccountError` with the rule that it breaks. */
export function checkName(name: string): string {
  const normal = storedForm(name);
  if (!NAME.test(normal)) {
    throw new AccountError(
      'bad_request',
      'a name has 1 to 64 letters, digits and . _ @ + -, and starts with a letter or digit',
    );
  }
  if (RESERVED.includes(normal.toLowerCase()))
    throw new AccountError('bad_request', `the name "${normal}" is reserved`);
  return normal;
}
