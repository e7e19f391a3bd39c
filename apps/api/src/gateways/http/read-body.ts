import { z } from 'zod';
import { AccountError } from '../../accounts/account-error.js';

/** The body in the shape that the schema asks for. Throws `AccountError` (`bad_request`) that names the field and what it takes. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new AccountError('bad_request', `${where}${issue.message}`);
}

/** A query parameter that holds several values with commas between them. */
export const listOf = <S extends z.ZodType<unknown, string>>(item: S) =>
  z
    .string()
    .max(2000)
    .transform((text) => text.split(','))
    .pipe(z.array(item));
