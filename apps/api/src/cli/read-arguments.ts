import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.js';
import { UsageError } from './command.js';

/** Switches of a command: those that take a value, and those that stand alone. */
export type Flags = Readonly<Record<string, 'value' | 'alone'>>;

export interface Arguments {
  /** The last one where a switch is given several times. */
  readonly value: (name: string) => string | undefined;
  /** All of them, in order. */
  readonly values: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
  readonly rest: readonly string[];
}

/** Reads what follows a command; `--` ends the switches. Throws `UsageError` with the nearest known switch. */
export function readArguments(args: readonly string[], flags: Flags): Arguments {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, kind]) => [
      name,
      { type: kind === 'value' ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const kind = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (kind === undefined) {
      throw new UsageError(`unknown switch ${token.rawName}${didYouMean(token.name, Object.keys(flags))}`);
    }
    if (kind === 'value' && token.value === undefined) throw new UsageError(`${token.rawName} needs a value`);
    if (kind === 'alone' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? '']);
  }
  const values = (name: string): readonly string[] => given.get(name) ?? [];
  return { value: (name) => values(name).at(-1), values, has: (name) => given.has(name), rest: positionals };
}
