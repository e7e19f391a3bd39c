import { GoMap, GoNamed, GoStruct, type GoValue, typeName, underlying } from '../values.js';
import { formatFloat, printValue } from './print.js';

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number;
  readonly verb: string;
}

const MAX_WIDTH = 10_000;

/** Go's `fmt.Sprintf`. A verb that does not fit its value prints as Go prints it: `%!d(string=hi)`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  let used = 0;
  let out = '';
  const pattern = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?([\s\S])?/gu;
  let last = 0;
  for (let match = pattern.exec(format); match; match = pattern.exec(format)) {
    out += format.slice(last, match.index);
    last = pattern.lastIndex;
    const [, rawFlags, widthText, precisionText, verb] = match;
    if (verb === undefined) {
      out += '%!(NOVERB)';
      continue;
    }
    if (verb === '%') {
      out += '%';
      continue;
    }
    let flags = rawFlags;
    let width = 0;
    if (widthText === '*') {
      width = star(args[used++]);
      if (width < 0) flags += '-';
      width = Math.abs(width);
    } else if (widthText) width = Number(widthText);
    const precision =
      precisionText === undefined ? -1 : precisionText === '*' ? star(args[used++]) : Number(precisionText || 0);
    if (used >= args.length) {
      out += `%!${verb}(MISSING)`;
      continue;
    }
    out += formatOne(args[used++], {
      flags,
      width: Math.min(width, MAX_WIDTH),
      precision: Math.min(precision, MAX_WIDTH),
      verb,
    });
  }
  out += format.slice(last);
  if (used < args.length) {
    const extra = args
      .slice(used)
      .map((value) => (value === null ? '<nil>' : `${typeName(value)}=${printValue(value)}`));
    out += `%!(EXTRA ${extra.join(', ')})`;
  }
  return out;
}

function star(value: GoValue | undefined): number {
  return typeof value === 'bigint' ? Number(value) : 0;
}

function formatOne(value: GoValue, spec: Spec): string {
  const { verb } = spec;
  if (verb === 'T') return pad(value === null ? '<nil>' : typeName(value), spec);
  if (value === null) return pad(verb === 'v' ? '<nil>' : `%!${verb}(<nil>)`, spec);
  if (verb === 'v' && spec.flags.includes('#')) return pad(goSyntax(value), spec);
  if (value instanceof GoNamed && value.text && 'vsq'.includes(verb)) return formatText(value.text(), spec);
  const plain = underlying(value);
  if (typeof plain === 'string') return 'vsqxX'.includes(verb) ? formatText(plain, spec) : bad(value, verb);
  if (typeof plain === 'boolean') return verb === 'v' || verb === 't' ? pad(String(plain), spec) : bad(value, verb);
  if (typeof plain === 'bigint') return formatInt(plain, spec) ?? bad(value, verb);
  if (typeof plain === 'number') {
    if (!'vgGeEfF'.includes(verb)) return bad(value, verb);
    const precise = verb === 'v' || 'gG'.includes(verb) ? spec.precision : spec.precision < 0 ? 6 : spec.precision;
    return padNumber(
      formatFloat(plain, verb === 'v' && spec.precision >= 0 ? 'g' : verb, precise, spec.flags.includes('#')),
      spec,
    );
  }
  if (Array.isArray(plain)) {
    const items = (plain as readonly GoValue[]).map((item) => formatOne(item, spec));
    return `[${items.join(' ')}]`;
  }
  if (plain instanceof GoMap)
    return `map[${plain
      .keys()
      .map((key) => `${formatOne(key, spec)}:${formatOne(plain.get(key), spec)}`)
      .join(' ')}]`;
  if (plain instanceof GoStruct && spec.flags.includes('+')) {
    return `{${Object.entries(plain.fields)
      .map(([name, field]) => `${name}:${formatOne(field, spec)}`)
      .join(' ')}}`;
  }
  return pad(printValue(plain), spec);
}

const bad = (value: GoValue, verb: string): string => `%!${verb}(${typeName(value)}=${printValue(value)})`;

function goSyntax(value: GoValue): string {
  const plain = underlying(value);
  if (typeof plain === 'string') return quote(plain);
  if (Array.isArray(plain)) return `${typeName(value)}{${(plain as readonly GoValue[]).map(goSyntax).join(', ')}}`;
  if (plain instanceof GoMap)
    return `${typeName(value)}{${plain
      .keys()
      .map((key) => `${quote(key)}:${goSyntax(plain.get(key))}`)
      .join(', ')}}`;
  return printValue(plain);
}

function formatText(text: string, spec: Spec): string {
  const cut = spec.precision >= 0 ? Array.from(text).slice(0, spec.precision).join('') : text;
  if (spec.verb === 'q') return pad(quote(cut), spec);
  if (spec.verb === 'x' || spec.verb === 'X') {
    const hex = [...new TextEncoder().encode(cut)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return pad(spec.verb === 'X' ? hex.toUpperCase() : hex, spec);
  }
  return pad(cut, spec);
}

function formatInt(value: bigint, spec: Spec): string | undefined {
  const { verb } = spec;
  if (verb === 'c') return pad(String.fromCodePoint(Number(value)), spec);
  if (verb === 'q') return pad(`'${String.fromCodePoint(Number(value))}'`, spec);
  if (verb === 'U') return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, spec);
  const bases: Readonly<Record<string, number | undefined>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
  const base = bases[verb];
  if (base === undefined) return undefined;
  let digits = (value < 0n ? -value : value).toString(base);
  if (spec.precision >= 0) digits = digits.padStart(spec.precision, '0');
  if (spec.flags.includes('#') && base === 16) digits = `0x${digits}`;
  if (verb === 'O') digits = `0o${digits}`;
  if (verb === 'X') digits = digits.toUpperCase();
  return padNumber(value < 0n ? `-${digits}` : digits, spec);
}

/** Go's strconv.Quote, for texts of printable characters and the usual escapes. */
function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const escape = ESCAPES[char];
    if (escape) out += escape;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0x80 && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char))
      out += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

function pad(text: string, spec: Spec): string {
  const missing = spec.width - Array.from(text).length;
  if (missing <= 0) return text;
  return spec.flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

function padNumber(text: string, spec: Spec): string {
  let signed = text;
  const isPlain = /^\d/.test(text);
  if (spec.flags.includes('+') && isPlain) signed = `+${text}`;
  else if (spec.flags.includes(' ') && isPlain) signed = ` ${text}`;
  if (text === '+Inf' && !spec.flags.includes('+')) signed = '+Inf';
  if (spec.flags.includes('0') && !spec.flags.includes('-') && /\d/.test(text)) {
    const sign = /^[+\- ]/.exec(signed)?.[0] ?? '';
    return sign + signed.slice(sign.length).padStart(spec.width - sign.length, '0');
  }
  return pad(signed, spec);
}
