/** Says where a text stops being PromQL and what could stand there. */
import { PromqlSyntaxError } from '../errors.js';
import { parseStrict } from './grammar.js';
import type { Token } from './scan.js';

/** What is tried at the place of an error, by the name that the message gives it. */
const CANDIDATES: readonly (readonly [name: string, text: string])[] = [
  ['an expression', 'x'],
  ['a number or duration', '1'],
  ['a string', '"x"'],
  ['a label name', 'x'],
  ['a label matcher', 'x="x"'],
  ['"="', '='],
  ['an operator', '+'],
  ['"("', '('],
  ['")"', ')'],
  ['"]"', ']'],
  ['"}"', '}'],
  ['":"', ':'],
  ['","', ','],
];

/**
 * The error for a text that the grammar refuses. `standIn` is the scanner's text. The place is the first token that no
 * expression can have there; what is expected is found by trying each candidate in its place.
 */
export function explainSyntaxError(tokens: readonly Token[], standIn: string, text: string): PromqlSyntaxError {
  const bad = firstBadToken(tokens, standIn);
  const before = bad < tokens.length ? standIn.slice(0, tokens[bad].start) : `${standIn} `;
  const inBraces = within(tokens, bad, '{');
  const expected = candidates(before, inBraces);
  const what = bad < tokens.length ? JSON.stringify(tokens[bad].text) : 'end of input';
  const range =
    bad < tokens.length ? { start: tokens[bad].start, end: tokens[bad].end } : { start: text.length, end: text.length };
  return new PromqlSyntaxError(`unexpected ${what}${hint(tokens, bad)}${list(expected)}`, range);
}

/** Index of the token at which the grammar stops; `tokens.length` when all of them can stand but more must follow. */
function firstBadToken(tokens: readonly Token[], standIn: string): number {
  const stop = stopsAt(standIn);
  if (stop === undefined) return tokens.length;
  const index = tokens.findIndex((token) => token.end > stop);
  return index < 0 ? tokens.length : index;
}

/** Where the grammar stops reading; undefined when it reads all. */
function stopsAt(text: string): number | undefined {
  try {
    parseStrict(text);
    return undefined;
  } catch (error) {
    const position = /at (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return position === undefined ? 0 : Number(position);
  }
}

function candidates(before: string, inBraces: boolean): string[] {
  const fits = (text: string): boolean => {
    // A space keeps the candidate from becoming part of a word before it.
    const stop = stopsAt(`${before} ${text}`);
    return stop === undefined || stop > before.length + text.length;
  };
  const operand = !inBraces && fits('"x"');
  const expected: string[] = [];
  for (const [name, text] of CANDIDATES) {
    // Where an operand can stand, a name, a number, a sign, a parenthesis and so on can too: one word for all.
    if (operand ? name !== 'an expression' && name !== '")"' : name === 'an expression') continue;
    if (inBraces ? name === 'a label name' : name === 'a label matcher') continue;
    if (name === 'an operator' && expected.includes('a number or duration')) continue;
    if (fits(text)) expected.push(name);
  }
  return expected;
}

function within(tokens: readonly Token[], index: number, bracket: string): boolean {
  let depth = 0;
  for (let i = 0; i < index; i++) {
    if (tokens[i].kind !== 'symbol') continue;
    if (tokens[i].text === bracket) depth++;
    else if (tokens[i].text === '}') depth--;
  }
  return depth > 0;
}

function hint(tokens: readonly Token[], bad: number): string {
  const token = tokens[bad];
  if (token?.text === ')' && tokens[bad - 1]?.text === ',') return '; trailing commas are not allowed in arguments';
  if (token?.kind === 'word' && /^(?:on|ignoring|group_left|group_right|bool|offset)$/i.test(token.text)) {
    return '; it is a keyword here';
  }
  return '';
}

function list(names: readonly string[]): string {
  if (names.length === 0) return '';
  const last = names[names.length - 1];
  return names.length === 1 ? `, expected ${last}` : `, expected ${names.slice(0, -1).join(', ')} or ${last}`;
}
