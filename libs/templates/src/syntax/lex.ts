import { TemplateError, positionAt } from '../errors.js';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'dot'
  | 'string'
  | 'char'
  | 'number'
  | 'bool'
  | 'nil'
  | 'pipe'
  | 'paren-open'
  | 'paren-close'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'space'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; for `text` after trimming. */
  readonly text: string;
  readonly offset: number;
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);

const NUMBER =
  /^[+-]?(?:0[xX][0-9a-fA-F_]+(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]+)?|0[bB][01_]+|0[oO][0-7_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)/;
const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*/u;
const SPACE = /^[ \t\r\n]+/;

/** Cuts a template into tokens: texts, and what stands between `{{` and `}}`. `{{-` and `-}}` trim the texts beside them. */
export function lex(name: string, source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  const fail = (offset: number, problem: string): never => {
    throw new TemplateError(name, positionAt(source, offset), problem);
  };

  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const stop = open < 0 ? source.length : open;
    const trims = open >= 0 && source[open + 2] === '-' && /[ \t\r\n]/.test(source[open + 3] ?? '');
    let text = source.slice(at, stop);
    let offset = at;
    if (trimNext) {
      const kept = text.replace(/^[ \t\r\n]+/, '');
      offset += text.length - kept.length;
      text = kept;
    }
    if (trims) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ kind: 'text', text, offset });
    if (open < 0) break;

    at = open + (trims ? 4 : 2);
    const commentStart = at + (trims ? (SPACE.exec(source.slice(at))?.[0].length ?? 0) : 0);
    if (source.startsWith('/*', commentStart)) {
      const commentEnd = source.indexOf('*/', commentStart + 2);
      if (commentEnd < 0) fail(open, 'unclosed comment');
      const close = /^(?:[ \t\r\n]+-)?\}\}/.exec(source.slice(commentEnd + 2));
      if (!close) return fail(commentEnd, 'comment ends before closing delimiter');
      trimNext = close[0].length > 2;
      at = commentEnd + 2 + close[0].length;
      continue;
    }
    tokens.push({ kind: 'open', text: '{{', offset: open });
    const action = lexAction(source, at, tokens, fail);
    trimNext = action.trims;
    at = action.end;
  }
  tokens.push({ kind: 'end', text: '', offset: source.length });
  return tokens;
}

/** The tokens of one action, up to and with its `}}`. */
function lexAction(
  source: string,
  start: number,
  tokens: Token[],
  fail: (offset: number, problem: string) => never,
): { end: number; trims: boolean } {
  let at = start;
  let parens = 0;
  const push = (kind: TokenKind, length: number): void => {
    tokens.push({ kind, text: source.slice(at, at + length), offset: at });
    at += length;
  };
  for (;;) {
    const trimmed = /^[ \t\r\n]+-\}\}/.exec(source.slice(at, at + 1000));
    if (trimmed || source.startsWith('}}', at)) {
      if (parens > 0) fail(at, 'unclosed left paren');
      const length = trimmed ? trimmed[0].length : 2;
      push('close', length);
      return { end: at, trims: trimmed !== null };
    }
    if (at >= source.length) fail(start, 'unclosed action');
    const rest = source.slice(at, at + 4096);
    const space = SPACE.exec(rest);
    const char = source[at];
    if (space) push('space', space[0].length);
    else if (char === '"') push('string', quotedLength(source, at, '"', fail));
    else if (char === "'") push('char', quotedLength(source, at, "'", fail));
    else if (char === '`') {
      const end = source.indexOf('`', at + 1);
      if (end < 0) fail(at, 'unterminated raw quoted string');
      push('string', end + 1 - at);
    } else if (rest.startsWith(':=')) push('declare', 2);
    else if (char === '=') push('assign', 1);
    else if (char === ',') push('comma', 1);
    else if (char === '|') push('pipe', 1);
    else if (char === '(') {
      parens++;
      push('paren-open', 1);
    } else if (char === ')') {
      if (--parens < 0) fail(at, 'unexpected right paren');
      push('paren-close', 1);
    } else if (char === '$') push('variable', 1 + (NAME.exec(rest.slice(1))?.[0].length ?? 0));
    else if (char === '.' && !/[0-9]/.test(rest[1] ?? '')) {
      const field = NAME.exec(rest.slice(1));
      push(field ? 'field' : 'dot', 1 + (field?.[0].length ?? 0));
    } else if (/[0-9.+-]/.test(char)) {
      const number = NUMBER.exec(rest);
      if (!number || NAME.test(rest.slice(number[0].length)))
        return fail(at, `bad number syntax: "${rest.slice(0, 12).split(/[\s})]/)[0]}"`);
      push('number', number[0].length);
    } else {
      const word = NAME.exec(rest);
      if (!word) return fail(at, `unexpected character "${String.fromCodePoint(rest.codePointAt(0) ?? 0)}" in action`);
      const text = word[0];
      if (KEYWORDS.has(text)) push('keyword', text.length);
      else push(text === 'true' || text === 'false' ? 'bool' : text === 'nil' ? 'nil' : 'identifier', text.length);
    }
  }
}

function quotedLength(
  source: string,
  start: number,
  quote: string,
  fail: (offset: number, problem: string) => never,
): number {
  for (let i = start + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === quote) return i + 1 - start;
  }
  return fail(start, quote === '"' ? 'unterminated quoted string' : 'unterminated character constant');
}
