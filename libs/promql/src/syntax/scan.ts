/**
 * The lexical half of the parser. It reads a text by Prometheus's lexical rules, reports what those rules refuse, and
 * writes a stand-in text of the same length for the grammar package, in which everything that the package reads in its
 * own way is replaced by something it reads as meant: comments by spaces, numbers by digits, strings by plain strings,
 * keywords by their lower-case form. Positions agree between the two, so values are read from the original.
 */
import { PromqlSyntaxError } from '../errors.js';
import { tryParseDuration } from './duration.js';
import { aggregations, functions } from './functions.js';
import { didYouMean } from './nearest.js';

export interface Token {
  readonly kind: 'word' | 'number' | 'duration' | 'string' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Longest text that is read, and how many operators and open brackets it may hold: the tree is walked recursively. */
const MAX_TEXT = 1_000_000;
const MAX_OPEN = 200;
const MAX_OPERATORS = 2000;

const SPACE = /[ \t\r\n]+/y;
const COMMENT = /#[^\r\n]*/y;
const WORD = /[\p{L}_:][\p{L}\p{Nd}_:]*/uy;
const LABEL_WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const PLAIN_WORD = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const NUMBER =
  /0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?/y;
const ALPHANUMERIC = /[\p{L}\p{Nd}_]/u;
const ALPHANUMERICS = /[\p{L}\p{Nd}_.]+/uy;
const SYMBOL = /=~|==|!=|!~|<=|<\/|>=|>\/|[-+*/%^=<>@,:(){}[\]]/y;

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const BRACKET_NAMES: Readonly<Record<string, string>> = {
  '(': 'left parenthesis',
  ')': 'right parenthesis',
  '[': 'left bracket',
  ']': 'right bracket',
  '{': 'left brace',
  '}': 'right brace',
};

/** Words that may stand before an opening parenthesis without being a function. */
const CALL_LIKE = new Set([
  ...['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'fill', 'fill_left', 'fill_right'],
  ...['and', 'or', 'unless', 'atan2', 'bool', 'offset', 'start', 'end'],
  ...aggregations.keys(),
]);
const DURATION_CALLS = new Set(['step', 'range', 'min_of', 'max_of']);
/** Words that may be written in upper case too, which the grammar package does not know. */
export const KEYWORD_CALLS = new Set([...DURATION_CALLS, 'start', 'end']);
/** Reserved words of a matching clause: an operand follows them, or their list. */
const CLAUSES = new Set(['on', 'ignoring', 'group_left', 'group_right', 'bool']);
const FILLS = new Set(['fill', 'fill_left', 'fill_right']);
const WORD_OPERATORS = new Set(['and', 'or', 'unless', 'atan2']);

/** Scans the whole text. Throws PromqlSyntaxError. */
export function scan(text: string): { readonly tokens: readonly Token[]; readonly standIn: string } {
  if (text.length > MAX_TEXT) {
    throw new PromqlSyntaxError(`an expression may have ${MAX_TEXT} characters, this one has ${text.length}`, {
      start: MAX_TEXT,
      end: text.length,
    });
  }
  return new Scanner(text).run();
}

class Scanner {
  private position = 0;
  private operators = 0;
  /** The last token ends an operand, so that an operator or a modifier must follow. */
  private afterOperand = false;
  private readonly open: Token[] = [];
  /** For each open bracket: it holds the list of a matching clause, after which an operand stands. */
  private readonly clauses: boolean[] = [];
  /** For each open bracket: what stands in it is a duration. */
  private readonly durations: boolean[] = [];
  /** `offset` has been read and its duration has not. */
  private durationNext = false;
  private readonly tokens: Token[] = [];
  private readonly standIn: string[] = [];

  constructor(private readonly text: string) {}

  run(): { tokens: readonly Token[]; standIn: string } {
    while (this.position < this.text.length) this.step();
    const unclosed = this.open.at(-1);
    if (unclosed) throw this.error(`unclosed ${BRACKET_NAMES[unclosed.text]}`, unclosed.start, unclosed.end);
    this.checkCalls();
    return { tokens: this.tokens, standIn: this.standIn.join('') };
  }

  private step(): void {
    const skipped = this.match(SPACE) ?? this.match(COMMENT);
    if (skipped !== undefined) {
      this.position += skipped.length;
      this.standIn.push(' '.repeat(skipped.length));
      return;
    }
    const c = this.text[this.position];
    if (c === '"' || c === "'" || c === '`') return this.string(c);
    if (/\d/.test(c) || (c === '.' && /\d/.test(this.text[this.position + 1] ?? ''))) return this.number();
    const inside = this.open.at(-1)?.text;
    const word =
      inside === '[' && c === ':' ? undefined : this.match(inside === '{' || inside === '[' ? LABEL_WORD : WORD);
    if (word !== undefined) return this.word(word);
    const symbol = this.match(SYMBOL);
    if (symbol !== undefined) return this.symbol(symbol);
    const code = this.text.codePointAt(this.position) ?? 0;
    const character = String.fromCodePoint(code);
    throw this.error(
      `unexpected character ${JSON.stringify(character)}`,
      this.position,
      this.position + character.length,
    );
  }

  private string(quote: string): void {
    const start = this.position;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== quote) {
      if (quote !== '`' && this.text[end] === '\n') break;
      end += quote !== '`' && this.text[end] === '\\' ? 2 : 1;
    }
    if (this.text[end] !== quote) {
      throw this.error(
        quote === '`' ? 'unterminated raw string' : 'unterminated quoted string',
        start,
        Math.min(end, this.text.length),
      );
    }
    this.push('string', end + 1 - start, `"${'x'.repeat(end - start - 1)}"`);
  }

  private number(): void {
    const number = this.match(NUMBER);
    if (number !== undefined) {
      const next = this.text.slice(this.position + number.length, this.position + number.length + 2);
      if (!ALPHANUMERIC.test(String.fromCodePoint(next.codePointAt(0) ?? 32)) && !next.startsWith('.')) {
        return this.push('number', number.length, '1'.repeat(number.length));
      }
    }
    const word = this.match(ALPHANUMERICS) ?? '';
    if (tryParseDuration(word) === undefined) {
      throw this.error(
        `bad number or duration syntax: ${JSON.stringify(word)}`,
        this.position,
        this.position + word.length,
      );
    }
    this.push('duration', word.length, '1'.repeat(word.length));
  }

  private word(word: string): void {
    if (!PLAIN_WORD.test(word)) {
      const at = Array.from(word).find((c) => c > '\x7f') ?? word;
      throw this.error(
        `unexpected character ${JSON.stringify(at)}; a name outside ASCII is written in quotes, like {${JSON.stringify(word)}}`,
        this.position,
        this.position + word.length,
      );
    }
    const lower = word.toLowerCase();
    const duration = this.durationNext || this.durations.at(-1) === true;
    let standIn = KEYWORD_CALLS.has(lower) ? lower : word;
    // The package knows these two only in durations, not as functions: any function's name of that length will do.
    if ((lower === 'min_of' || lower === 'max_of') && !duration && this.calls()) standIn = 'minute';
    const modifier = lower === 'offset' && this.afterOperand;
    // A metric may be called `offset`; the grammar package reserves the word.
    if (lower === 'offset' && !modifier) standIn = '_'.repeat(word.length);
    const operator = WORD_OPERATORS.has(lower) && this.afterOperand;
    if (operator) this.countOperator();
    this.push('word', word.length, standIn);
    this.afterOperand = !operator && !modifier && !CLAUSES.has(lower);
    // `offset min_of(…)`: the parenthesis that follows is still part of the duration.
    this.durationNext = modifier || (duration && DURATION_CALLS.has(lower));
  }

  private symbol(symbol: string): void {
    const start = this.position;
    if (symbol in OPENING) {
      const inside = this.open.at(-1)?.text;
      if (inside === '{' || (inside === '[' && symbol !== '(')) {
        throw this.error(
          `unexpected ${BRACKET_NAMES[symbol]} inside ${inside === '{' ? 'braces' : 'brackets'}`,
          start,
          start + 1,
        );
      }
      const before = this.tokens.at(-1);
      const keyword = before?.kind === 'word' && symbol === '(' ? before.text.toLowerCase() : '';
      this.clauses.push(CLAUSES.has(keyword) || FILLS.has(keyword));
      this.durations.push(symbol === '[' || this.durationNext || this.durations.at(-1) === true);
      this.push('symbol', 1, symbol);
      this.open.push(this.tokens[this.tokens.length - 1]);
      if (this.open.length > MAX_OPEN) {
        throw this.error(`brackets are nested more than ${MAX_OPEN} deep`, start, start + 1);
      }
      return;
    }
    if (symbol in CLOSING) {
      const opened = this.open.pop();
      if (opened?.text !== CLOSING[symbol]) {
        const why = opened ? `, expected ${JSON.stringify(OPENING[opened.text])}` : '';
        throw this.error(`unexpected ${BRACKET_NAMES[symbol]} ${JSON.stringify(symbol)}${why}`, start, start + 1);
      }
      this.push('symbol', 1, symbol);
      this.afterOperand = !this.clauses.pop();
      this.durations.pop();
      return;
    }
    if ((symbol === '=' || symbol === '=~' || symbol === '!~') && this.open.at(-1)?.text !== '{') {
      const hint = symbol === '=' ? '; comparison is written "=="' : '; label matchers stand inside braces';
      throw this.error(`unexpected ${JSON.stringify(symbol)}${hint}`, start, start + symbol.length);
    }
    this.countOperator();
    const signed = this.durationNext && (symbol === '-' || symbol === '+');
    this.push('symbol', symbol.length, symbol);
    this.durationNext = signed;
  }

  /** An opening parenthesis follows the word at the position. */
  private calls(): boolean {
    return /^\w+(?:[ \t\r\n]|#[^\r\n]*)*\(/.test(this.text.slice(this.position));
  }

  private countOperator(): void {
    if (++this.operators > MAX_OPERATORS) {
      throw this.error(
        `an expression may have ${MAX_OPERATORS} operators and commas`,
        this.position,
        this.position + 1,
      );
    }
  }

  /** Every `name(` must be a function, an aggregation or a keyword. */
  private checkCalls(): void {
    const inside: string[] = [];
    for (let i = 0; i < this.tokens.length; i++) {
      const token = this.tokens[i];
      if (token.kind === 'symbol' && token.text in OPENING) inside.push(token.text);
      else if (token.kind === 'symbol' && token.text in CLOSING) inside.pop();
      if (token.kind !== 'word' || this.tokens[i + 1]?.text !== '(' || this.tokens[i + 1].kind !== 'symbol') continue;
      const lower = token.text.toLowerCase();
      if (CALL_LIKE.has(lower) || functions.has(token.text) || DURATION_CALLS.has(lower)) continue;
      const known = inside.includes('[') ? DURATION_CALLS : [...functions.keys(), ...aggregations.keys()];
      throw this.error(
        `unknown function ${JSON.stringify(token.text)}${didYouMean(token.text, known)}`,
        token.start,
        token.end,
      );
    }
  }

  private push(kind: Token['kind'], length: number, standIn: string): void {
    const start = this.position;
    this.position += length;
    this.afterOperand = kind !== 'symbol' || this.text[start] in CLOSING;
    this.durationNext = false;
    this.tokens.push({ kind, text: this.text.slice(start, this.position), start, end: this.position });
    this.standIn.push(standIn);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0];
  }

  private error(message: string, start: number, end: number): PromqlSyntaxError {
    return new PromqlSyntaxError(message, { start, end });
  }
}
