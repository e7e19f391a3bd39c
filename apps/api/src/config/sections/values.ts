/**
 * Readers for the values of opsroom.yml. Scalars arrive as text (see `readYaml`), a key without a value as ''. Every reader
 * explains in its message what it would have taken; the caller adds file and line.
 */
import { z } from 'zod';
import { didYouMean } from '../nearest.js';
import { parseDuration, parseSize } from '../quantities.js';

/** What `--help` and `status/flags` need to know of a setting. */
export interface SettingMeta {
  readonly kind: 'duration' | 'size' | 'count' | 'boolean' | 'word';
  readonly help: string;
}

function show(input: unknown): string {
  if (typeof input === 'string') return JSON.stringify(input);
  return Array.isArray(input) ? 'a list' : 'a mapping';
}

/** A scalar that `read` understands; `what` completes "is not …". */
export function scalar<T>(what: string, read: (text: string) => T | undefined) {
  return z.unknown().transform((input, context): T => {
    const value = typeof input === 'string' ? read(input) : undefined;
    if (value !== undefined) return value;
    const message = input === undefined ? 'is missing' : `${show(input)} is not ${what}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

export const text = () => scalar('text', (value) => value);
export const nonEmpty = () => scalar('a text with something in it', (value) => (value === '' ? undefined : value));
export const duration = () => scalar('a duration; write it as 15d, 1h30m or 90s', parseDuration);
export const size = () => scalar('a size; write it as 10GB or 512MiB', parseSize);
export const count = () =>
  scalar('a whole number', (value) =>
    /^\d+$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : undefined,
  );

/** YAML 1.1's words too, since Prometheus's reader takes them. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', 'y'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n'].map((word) => [word, false] as const),
]);
export const boolean = () => scalar('true or false', (value) => BOOLEANS.get(value.toLowerCase()));

export function oneOf<const W extends string>(words: readonly W[]) {
  return scalar(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value));
}

export const url = () =>
  scalar('a URL with http:// or https://', (value) =>
    /^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined,
  );

/** A list; a key without a value is an empty one. */
export function list<S extends z.ZodType>(item: S) {
  return z.preprocess(
    (input) => (input === '' ? [] : input),
    z.array(item, { error: (issue) => `${show(issue.input)} is not a list; start each entry with "- "` }),
  );
}

/** Names of the writer's choice to text: labels, headers. */
export function textMap() {
  return z.preprocess(
    (input) => (input === '' ? {} : input),
    z.record(z.string(), text(), { error: (issue) => `${show(issue.input)} is not a mapping of names to text` }),
  );
}

/** Whatever Prometheus or Alertmanager take here; Opsroom does not read it. */
export const unread = () => z.unknown().optional();

/**
 * A mapping with known keys. The message of an unknown key has one line for each, in the order of the issue's `keys`.
 * `name` is how messages call the mapping; '' for the file itself.
 */
export function section<S extends z.ZodRawShape>(name: string, shape: S) {
  const known = Object.keys(shape);
  const inside = name === '' ? '' : ` in ${name}`;
  return z.preprocess(
    (input) => (input === '' ? {} : input),
    z.strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `unknown key "${key}"${inside}${didYouMean(key, known)}`).join('\n')
          : `${show(issue.input)} is not a mapping of keys to values`,
    }),
  );
}

const setting = <S extends z.ZodType>(schema: S, kind: SettingMeta['kind'], help: string): S =>
  schema.meta({ kind, help });

/** Settings: values that switches and the environment can give too. Each has a default and a line of help. */
export const durationSetting = (help: string, ms: number) => setting(duration().default(ms), 'duration', help);
export const sizeSetting = (help: string, bytes: number) => setting(size().default(bytes), 'size', help);
export const countSetting = (help: string, value: number) => setting(count().default(value), 'count', help);
export const booleanSetting = (help: string, value: boolean) => setting(boolean().default(value), 'boolean', help);
export const wordSetting = <S extends z.ZodType>(help: string, schema: S) => setting(schema, 'word', help);
