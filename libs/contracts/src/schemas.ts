/** Schemas of every request, in an entry of their own: the page does not need them and saves their weight. */
import { z } from 'zod';

export const matcherSchema = z.strictObject({
  name: z.string().min(1).max(256),
  operator: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(4096),
});

export const positionSchema = z.strictObject({ epoch: z.string().min(1).max(64), offset: z.int().nonnegative() });
