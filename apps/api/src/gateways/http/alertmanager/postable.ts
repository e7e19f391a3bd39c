import type { MatcherSpec } from '@opsroom/contracts';
import { z } from 'zod';
import type { ReceivedAlert } from '../../../alerts/received.js';

/** Go's zero time stands for "not given"; tools send it as 0001-01-01. */
const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time as RFC 3339 writes it: 2026-01-31T12:00:00Z')
  .transform((text) => (text.startsWith('0001-01-01') ? undefined : Date.parse(text)));

const postableAlert = z.object({
  labels: z
    .record(z.string().min(1), z.string())
    .refine((labels) => Object.values(labels).some((value) => value !== ''), {
      message: 'at least one label pair required',
    }),
  annotations: z.record(z.string(), z.string()).nullish(),
  startsAt: time.nullish(),
  endsAt: time.nullish(),
  generatorURL: z.string().nullish(),
});

const matcher = z.object({
  name: z.string().min(1),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().nullish(),
});

const postableSilence = z.object({
  id: z.string().nullish(),
  matchers: z.array(matcher).min(1, 'a silence needs at least one matcher'),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  comment: z.string(),
});

export interface Read {
  readonly alerts: ReceivedAlert[];
  readonly problems: string[];
}

/** What is wrong with a body, in one line. */
export class BadBody extends Error {
  override readonly name = 'BadBody';
}

/** The body of `POST /alerts`: an alert that is wrong fails alone, with its place in `problems`. */
export function readAlerts(body: unknown): Read {
  if (!Array.isArray(body)) throw new BadBody('the body must be a list of alerts');
  return readEach(body, readAlert);
}

/** Reads items one by one; what `read` throws as `BadBody` becomes a problem of that item alone. */
export function readEach(items: readonly unknown[], read: (item: unknown) => ReceivedAlert): Read {
  const alerts: ReceivedAlert[] = [];
  const problems: string[] = [];
  items.forEach((item, index) => {
    try {
      alerts.push(read(item));
    } catch (error) {
      if (!(error instanceof BadBody)) throw error;
      problems.push(`alert ${index}: ${error.message}`);
    }
  });
  return { alerts, problems };
}

/** One alert in the form that Prometheus sends. Throws `BadBody`. */
export function readAlert(item: unknown): ReceivedAlert {
  const parsed = postableAlert.safeParse(item);
  if (!parsed.success) throw new BadBody(describe(parsed.error));
  const { labels, annotations, startsAt, endsAt, generatorURL } = parsed.data;
  if (typeof startsAt === 'number' && typeof endsAt === 'number' && endsAt < startsAt) {
    throw new BadBody('start time must be before end time');
  }
  return {
    labels,
    annotations: annotations ?? {},
    generatorUrl: generatorURL ?? '',
    ...(typeof startsAt === 'number' && { startsAtMs: startsAt }),
    ...(typeof endsAt === 'number' && { endsAtMs: endsAt }),
  };
}

/** The body of `POST /silences`. Throws `BadBody`. */
export function readSilence(body: unknown, nowMs: number) {
  const parsed = postableSilence.safeParse(body);
  if (!parsed.success) throw new BadBody(describe(parsed.error));
  const { id, matchers, startsAt, endsAt, createdBy, comment } = parsed.data;
  if (endsAt === undefined) throw new BadBody('endsAt: a silence must end');
  return {
    id: id === '' ? undefined : (id ?? undefined),
    draft: {
      matchers: matchers.map(({ name, value, isRegex, isEqual }): MatcherSpec => {
        const equal = isEqual ?? true;
        return { name, value, operator: isRegex ? (equal ? '=~' : '!~') : equal ? '=' : '!=' };
      }),
      startsAtMs: startsAt ?? nowMs,
      endsAtMs: endsAt,
      createdBy,
      comment,
    },
  };
}

/** All that a schema found, in one line. */
export function describe(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}
