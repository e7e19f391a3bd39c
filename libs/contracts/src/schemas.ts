/** Schemas of every request, in an entry of their own: the page does not need them and saves their weight. */
import { z } from 'zod';
import type { NamespaceName, RequestInput, RequestName } from './namespaces.js';

/** Longest expression that a topic may have, in characters. */
export const MAX_EXPRESSION_LENGTH = 10_000;

const requestId = z.string().min(1).max(64);
const topic = z.strictObject({ topic: z.string().min(1).max(64) });
const timeMs = z.int().nonnegative();
const fingerprint = z.string().regex(/^[0-9a-f]{16}$/, 'is not a fingerprint (16 hex digits)');

export const matcherSchema = z.strictObject({
  name: z.string().min(1).max(256),
  operator: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(4096),
});

export const matchersSchema = z.array(matcherSchema).max(64);

export const positionSchema = z.strictObject({ epoch: z.string().min(1).max(64), offset: z.int().nonnegative() });

const alertRefs = z
  .array(z.strictObject({ fingerprint, episode: z.string().min(1).max(64) }))
  .min(1)
  .max(10_000);
const ruleText = { name: z.string().min(1).max(4096), text: z.string().max(500_000) };
const ruleVersion = z.string().min(1).max(64);
const room = z.strictObject({ alert: fingerprint });

/**
 * One schema for every request of the contract: the type makes a missing or a wrong one a compile error, and the server
 * checks at its start that each has exactly one handler.
 */
export const requestSchemas: {
  readonly [N in NamespaceName]: { readonly [E in RequestName<N>]: z.ZodType<RequestInput<N, E>> };
} = {
  '/metrics': {
    'topic:subscribe': z.strictObject({
      expr: z.string().min(1).max(MAX_EXPRESSION_LENGTH),
      stepMs: z.int().min(100).max(86_400_000),
      windowMs: z
        .int()
        .min(1_000)
        .max(366 * 86_400_000),
      resume: positionSchema.optional(),
      maxPoints: z.int().min(2).max(100_000).optional(),
    }),
    'topic:unsubscribe': topic,
  },
  '/alerts': {
    'topic:subscribe': z.strictObject({ matchers: matchersSchema, resume: positionSchema.optional() }),
    'topic:unsubscribe': topic,
    'alert:acknowledge': z.strictObject({
      alerts: alertRefs,
      note: z.string().max(4096).optional(),
      untilMs: timeMs.optional(),
      untilWorse: z.boolean().optional(),
      takeOver: z.boolean().optional(),
      requestId,
    }),
    'alert:unacknowledge': z.strictObject({ alerts: alertRefs, requestId }),
    'alert:assign': z.strictObject({ alerts: alertRefs, assignee: z.string().min(1).max(128).nullable(), requestId }),
    'alert:history': z.strictObject({ fingerprint, limit: z.int().min(1).max(1000).optional() }),
    'silence:create': z.strictObject({
      id: z.string().min(1).max(64).optional(),
      matchers: matchersSchema.min(1),
      startsAtMs: timeMs,
      endsAtMs: timeMs,
      comment: z.string().min(1).max(4096),
      requestId,
    }),
    'silence:expire': z.strictObject({ id: z.string().min(1).max(64), requestId }),
    'silence:list': z.strictObject({}),
    'silence:preview': z.strictObject({ matchers: matchersSchema }),
    'people:list': z.strictObject({}),
    'rules:files': z.strictObject({}),
    'rules:check': z.strictObject(ruleText),
    'rules:backtest': z.strictObject({
      ...ruleText,
      windowMs: z
        .int()
        .min(60_000)
        .max(31 * 86_400_000),
    }),
    'rules:write': z.strictObject({ ...ruleText, version: ruleVersion }),
    'rules:create': z.strictObject(ruleText),
    'rules:remove': z.strictObject({ name: ruleText.name, version: ruleVersion }),
  },
  '/rooms': {
    'room:join': room,
    'room:leave': room,
    'note:add': z.strictObject({ alert: fingerprint, text: z.string().min(1).max(10_000), requestId }),
    'typing:start': room,
    'typing:stop': room,
  },
  '/status': {
    'topic:subscribe': z.strictObject({}),
  },
};
