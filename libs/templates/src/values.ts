/**
 * Go's values as a template sees them. Go tells integers from floats, and templates show it (`eq 1 1.0` is an error), so an
 * integer is a `bigint` here and a float64 a `number`. `undefined` never appears; an untyped nil is `null`.
 */
export type GoValue = null | boolean | bigint | number | string | GoList | GoMap | GoStruct | GoNamed | GoFunction;

export type GoList = readonly GoValue[];

/** A map with text keys. A key that is missing gives the zero value of `missing`. */
export class GoMap {
  constructor(
    readonly entries: Readonly<Record<string, GoValue>>,
    readonly missing: GoValue = null,
    readonly methods: Readonly<Record<string, GoFunction>> = {},
  ) {}

  get(key: string): GoValue {
    return Object.hasOwn(this.entries, key) ? this.entries[key] : this.missing;
  }

  /** Keys in Go's order of iteration within templates: sorted by code point. */
  keys(): string[] {
    return Object.keys(this.entries).sort(byCodePoint);
  }
}

/** A struct: a name that it does not have is an error. */
export class GoStruct {
  constructor(
    readonly typeName: string,
    readonly fields: Readonly<Record<string, GoValue>>,
    readonly methods: Readonly<Record<string, GoFunction>> = {},
  ) {}
}

/** A type of its own over another value: time.Duration over an integer, a list with methods. */
export class GoNamed {
  constructor(
    readonly typeName: string,
    readonly underlying: GoValue,
    readonly methods: Readonly<Record<string, GoFunction>> = {},
    /** Its String method, where it has one. */
    readonly text?: () => string,
  ) {}
}

/** What an argument must be. `number` also takes integers, as Go's functions over `interface{}` do that convert themselves. */
export type ParameterType = 'any' | 'string' | 'float' | 'int' | 'bool' | 'list' | 'map';

/** A function that templates may call: its parameters are checked before `run` is called. */
export class GoFunction {
  constructor(
    readonly parameters: readonly ParameterType[],
    readonly run: (args: GoValue[]) => GoValue,
    /** Any number of further arguments of this type. */
    readonly rest?: ParameterType,
  ) {}
}

export type FunctionTable = Readonly<Record<string, GoFunction>>;

/** A map of texts, whose missing keys are ''. */
export const stringMap = (
  entries: Readonly<Record<string, string>>,
  methods: Readonly<Record<string, GoFunction>> = {},
): GoMap => new GoMap(entries, '', methods);

/** The value under a named type. */
export const underlying = (value: GoValue): GoValue =>
  value instanceof GoNamed ? underlying(value.underlying) : value;

/** Go's truth: false, 0, nil, and what is empty are false; a struct is always true. */
export function isTrue(value: GoValue): boolean {
  const plain = underlying(value);
  if (plain === null) return false;
  if (typeof plain === 'number') return plain !== 0;
  if (typeof plain === 'bigint') return plain !== 0n;
  if (typeof plain === 'string') return plain.length > 0;
  if (typeof plain === 'boolean') return plain;
  if (plain instanceof GoMap) return Object.keys(plain.entries).length > 0;
  if (Array.isArray(plain)) return plain.length > 0;
  return true;
}

/** The type's name as error messages call it. */
export function typeName(value: GoValue): string {
  if (value === null) return 'nil';
  if (value instanceof GoNamed || value instanceof GoStruct) return value.typeName;
  if (value instanceof GoMap) return value.missing === '' ? 'map[string]string' : 'map[string]interface {}';
  if (value instanceof GoFunction) return 'func';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return value.length > 0 && value.every((item) => typeof item === 'string') ? '[]string' : '[]interface {}';
}

/** Orders texts by code point, as Go does. */
export function byCodePoint(a: string, b: string): number {
  const x = Array.from(a);
  const y = Array.from(b);
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i].codePointAt(0) ?? 0) - (y[i].codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
