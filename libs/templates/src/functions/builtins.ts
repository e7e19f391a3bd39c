import { FunctionError } from '../errors.js';
import { printValue } from '../run/print.js';
import { sprintf } from '../run/printf.js';
import { type FunctionTable, GoFunction, GoMap, type GoValue, isTrue, typeName, underlying } from '../values.js';

const fn = (parameters: GoFunction['parameters'], run: GoFunction['run'], rest?: GoFunction['rest']): GoFunction =>
  new GoFunction(parameters, run, rest);

/** The functions of text/template itself; `and` and `or` are evaluated lazily and stand in the executor. */
export const builtins: FunctionTable = {
  and: fn(['any'], ([value]) => value, 'any'),
  or: fn(['any'], ([value]) => value, 'any'),
  not: fn(['any'], ([value]) => !isTrue(value)),
  len: fn(['any'], ([value]) => BigInt(lengthOf(value))),
  index: fn(['any'], ([value, ...keys]) => keys.reduce(indexInto, value), 'any'),
  slice: fn(['any'], ([value, ...bounds]) => cut(value, bounds), 'any'),
  print: fn([], (values) => print(values), 'any'),
  println: fn([], (values) => `${values.map(printValue).join(' ')}\n`, 'any'),
  printf: fn(['string'], ([format, ...values]) => sprintf(format as string, values), 'any'),
  html: fn([], (values) => escapeHtml(print(values)), 'any'),
  js: fn([], (values) => escapeJs(print(values)), 'any'),
  urlquery: fn([], (values) => queryEscape(print(values)), 'any'),
  call: fn(
    ['any'],
    () => {
      throw new FunctionError('the value is not a function');
    },
    'any',
  ),
  eq: fn(
    ['any'],
    ([first, ...others]) => {
      if (others.length === 0) throw new FunctionError('missing argument for comparison');
      return others.some((other) => equal(first, other));
    },
    'any',
  ),
  ne: fn(['any', 'any'], ([a, b]) => !equal(a, b)),
  lt: fn(['any', 'any'], ([a, b]) => less(a, b)),
  le: fn(['any', 'any'], ([a, b]) => less(a, b) || equal(a, b)),
  gt: fn(['any', 'any'], ([a, b]) => !less(a, b) && !equal(a, b)),
  ge: fn(['any', 'any'], ([a, b]) => !less(a, b)),
};

/** Go's Sprint: a blank between operands where neither is a text. */
function print(values: readonly GoValue[]): string {
  let out = '';
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') out += ' ';
    out += printValue(value);
  });
  return out;
}

function lengthOf(value: GoValue): number {
  const plain = underlying(value);
  if (plain === null) throw new FunctionError('len of nil pointer');
  if (typeof plain === 'string') return new TextEncoder().encode(plain).length;
  if (Array.isArray(plain)) return plain.length;
  if (plain instanceof GoMap) return Object.keys(plain.entries).length;
  throw new FunctionError(`len of type ${typeName(value)}`);
}

function indexInto(value: GoValue, key: GoValue): GoValue {
  const plain = underlying(value);
  const at = underlying(key);
  if (plain === null) throw new FunctionError('index of untyped nil');
  if (plain instanceof GoMap) {
    if (typeof at !== 'string') throw new FunctionError(`value has type ${typeName(key)}; should be string`);
    return plain.get(at);
  }
  if (Array.isArray(plain) || typeof plain === 'string') {
    if (typeof at !== 'bigint') throw new FunctionError(`cannot index slice/array with type ${typeName(key)}`);
    const list: readonly GoValue[] =
      typeof plain === 'string' ? [...new TextEncoder().encode(plain)].map(BigInt) : (plain as readonly GoValue[]);
    if (at < 0n || at >= BigInt(list.length)) throw new FunctionError(`index out of range: ${at}`);
    return list[Number(at)];
  }
  throw new FunctionError(`can't index item of type ${typeName(value)}`);
}

function cut(value: GoValue, bounds: readonly GoValue[]): GoValue {
  const plain = underlying(value);
  if (typeof plain !== 'string' && !Array.isArray(plain))
    throw new FunctionError(`can't slice item of type ${typeName(value)}`);
  if (bounds.length > 3) throw new FunctionError(`too many slice indexes: ${bounds.length}`);
  const bytes = typeof plain === 'string' ? new TextEncoder().encode(plain) : undefined;
  const list = bytes ?? (plain as readonly GoValue[]);
  const [from = 0n, to = BigInt(list.length)] = bounds.map((bound) => underlying(bound));
  if (typeof from !== 'bigint' || typeof to !== 'bigint')
    throw new FunctionError('cannot index slice/array with a type other than int');
  for (const bound of [from, to])
    if (bound < 0n || bound > BigInt(list.length)) throw new FunctionError(`index out of range: ${bound}`);
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  const part = list.slice(Number(from), Number(to));
  return part instanceof Uint8Array ? new TextDecoder().decode(part) : part;
}

type Basic = 'bool' | 'int' | 'float' | 'string';

function basicKind(value: GoValue): Basic {
  const plain = underlying(value);
  if (typeof plain === 'boolean') return 'bool';
  if (typeof plain === 'bigint') return 'int';
  if (typeof plain === 'number') return 'float';
  if (typeof plain === 'string') return 'string';
  throw new FunctionError('invalid type for comparison');
}

function equal(a: GoValue, b: GoValue): boolean {
  if (a === null || b === null) return a === b;
  if (basicKind(a) !== basicKind(b)) throw new FunctionError('incompatible types for comparison');
  return underlying(a) === underlying(b);
}

function less(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  if (kind !== basicKind(b)) throw new FunctionError('incompatible types for comparison');
  if (kind === 'bool') throw new FunctionError('invalid type for comparison');
  const x = underlying(a) as string | number | bigint;
  const y = underlying(b) as string | number | bigint;
  return x < y;
}

const HTML: Readonly<Record<string, string>> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeHtml = (text: string): string => text.replace(/["'&<>]/g, (char) => HTML[char]);

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
  '\n': '\\u000A',
  '\r': '\\u000D',
  '\t': '\\u0009',
};
const escapeJs = (text: string): string => text.replace(/[\\'"<>&=\n\r\t]/g, (char) => JS[char]);

/** Go's url.QueryEscape: a blank is `+`. */
export const queryEscape = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
