/** What can be told of an anchored regular expression without running it. */
export interface RegexpShape {
  /** Every string that matches, when they are few and listed. */
  readonly set?: readonly string[];
  /** What every matching string starts with. */
  readonly prefix: string;
  /** All that follows the prefix is `.*`: the prefix alone decides. */
  readonly prefixOnly: boolean;
}

const MAX_SET = 256;
const UNKNOWN: RegexpShape = { prefix: '', prefixOnly: false };

/**
 * Reads alternations of literals, nested in groups (`a|b`, `api-(blue|green)`, `prod-.*`). Anything else ends the
 * reading and leaves the prefix found so far. Works on RE2 syntax; the expression must already have been accepted by RE2.
 */
export function regexpShape(source: string): RegexpShape {
  // Flags such as (?i), named groups and quoting change what a literal means.
  return /\(\?[^:]|\\Q/.test(source) ? UNKNOWN : read(source);
}

function read(source: string): RegexpShape {
  const reader = new Reader(source);
  const set = reader.alternation();
  if (set && reader.atEnd) return { set: [...new Set(set)], prefix: commonPrefix(set), prefixOnly: false };
  const prefix = topLevelPrefix(source);
  const rest = source.slice(prefix.length);
  return { prefix: prefix.value, prefixOnly: prefix.value !== '' && rest === '.*' };
}

/** The literal that the expression starts with, when no alternation stands at its top level. */
function topLevelPrefix(source: string): { value: string; length: number } {
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i++;
    else if (c === '[') {
      // A class may hold | and brackets: skip it whole.
      i++;
      if (source[i] === '^') i++;
      if (source[i] === ']') i++;
      while (i < source.length && source[i] !== ']') i += source[i] === '\\' ? 2 : 1;
    } else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) return { value: '', length: 0 };
  }
  const reader = new Reader(source);
  return reader.literal();
}

class Reader {
  private position = 0;

  constructor(private readonly source: string) {}

  get atEnd(): boolean {
    return this.position === this.source.length;
  }

  /** All strings of `a|b|…` up to the end or a closing parenthesis; undefined when they can't be listed. */
  alternation(): string[] | undefined {
    const all: string[] = [];
    for (;;) {
      const branch = this.concatenation();
      if (!branch) return undefined;
      all.push(...branch);
      if (all.length > MAX_SET) return undefined;
      if (this.source[this.position] !== '|') return all;
      this.position++;
    }
  }

  /** The literal at the position, without a last character that a quantifier takes away. */
  literal(): { value: string; length: number } {
    let value = '';
    let length = 0;
    for (;;) {
      const c = this.literalCharacter();
      if (c === undefined || isQuantifier(this.source[this.position])) return { value, length };
      value += c;
      length = this.position;
    }
  }

  private concatenation(): string[] | undefined {
    let strings = [''];
    for (;;) {
      const c = this.source[this.position];
      if (c === undefined || c === '|' || c === ')') return strings;
      let pieces: string[] | undefined;
      if (c === '(') {
        this.position += this.source.startsWith('(?:', this.position) ? 3 : 1;
        pieces = this.alternation();
        if (!pieces || this.source[this.position] !== ')') return undefined;
        this.position++;
      } else {
        const literal = this.literalCharacter();
        if (literal === undefined) return undefined;
        pieces = [literal];
      }
      if (isQuantifier(this.source[this.position])) return undefined;
      if (strings.length * pieces.length > MAX_SET) return undefined;
      const tails = pieces;
      strings = strings.flatMap((head) => tails.map((tail) => head + tail));
    }
  }

  /** One literal character or escaped punctuation; undefined (and no step) for anything with a meaning. */
  private literalCharacter(): string | undefined {
    const code = this.source.codePointAt(this.position);
    if (code === undefined) return undefined;
    const c = String.fromCodePoint(code);
    if (c === '\\') {
      const escaped = this.source[this.position + 1] ?? '';
      if (!/[\\.+*?()|[\]{}^$\-/:_@#%&~!"'`,;<=> ]/.test(escaped)) return undefined;
      this.position += 2;
      return escaped;
    }
    if ('.+*?()|[]{}^$'.includes(c)) return undefined;
    this.position += c.length;
    return c;
  }
}

function isQuantifier(c: string | undefined): boolean {
  return c === '*' || c === '+' || c === '?' || c === '{';
}

function commonPrefix(strings: readonly string[]): string {
  let prefix = strings[0] ?? '';
  for (const s of strings) while (!s.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}
