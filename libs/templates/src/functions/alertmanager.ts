import { FunctionError } from '../errors.js';
import { printValue } from '../run/print.js';
import { type FunctionTable, GoFunction, GoMap, GoNamed, GoStruct, type GoValue, underlying } from '../values.js';
import { textFunctions } from './prometheus.js';
import { durationValue, formatTime, inZone, timeOf } from './time.js';

const fn = (parameters: GoFunction['parameters'], run: GoFunction['run'], rest?: GoFunction['rest']): GoFunction =>
  new GoFunction(parameters, run, rest);

/** The functions that Alertmanager's notification templates have besides text/template's own. */
export function alertmanagerFunctions(context: { readonly nowMs: number }): FunctionTable {
  return {
    ...textFunctions,
    trimSpace: fn(['string'], ([value]) => (value as string).trim()),
    join: fn(['string', 'list'], ([separator, list]) =>
      (list as readonly GoValue[]).map(printValue).join(separator as string),
    ),
    safeUrl: fn(['string'], ([value]) => value),
    urlUnescape: fn(['string'], ([value]) => unescapeUrl(value as string)),
    stringSlice: fn([], (values) => values, 'string'),
    date: fn(['string', 'any'], ([layout, time]) => formatTime(timeOf(time), layout as string)),
    tz: fn(['string', 'any'], ([zone, time]) => inZone(zone as string, time)),
    since: fn(['any'], ([time]) => durationValue(context.nowMs - timeOf(time).ms)),
    toJson: fn(['any'], ([value]) => JSON.stringify(toJson(value))),
    list: fn([], (values) => values, 'any'),
    append: fn(['list'], ([list, ...more]) => [...(list as readonly GoValue[]), ...more], 'any'),
    dict: fn([], (values) => dict(values), 'any'),
  };
}

function unescapeUrl(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    throw new FunctionError(`invalid URL escape in ${JSON.stringify(value)}`);
  }
}

function dict(values: readonly GoValue[]): GoMap {
  if (values.length % 2 !== 0) throw new FunctionError('dict takes keys and values by turns');
  const entries: Record<string, GoValue> = {};
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i];
    if (typeof key !== 'string') throw new FunctionError('keys of a dict are strings');
    entries[key] = values[i + 1];
  }
  return new GoMap(entries);
}

function toJson(value: GoValue): unknown {
  if (value instanceof GoNamed && value.typeName === 'time.Time')
    return formatTime(timeOf(value), '2006-01-02T15:04:05.999999999Z07:00');
  const plain = underlying(value);
  if (typeof plain === 'bigint') return Number(plain);
  if (plain instanceof GoMap) return Object.fromEntries(plain.keys().map((key) => [key, toJson(plain.get(key))]));
  if (plain instanceof GoStruct)
    return Object.fromEntries(Object.entries(plain.fields).map(([key, field]) => [key, toJson(field)]));
  if (Array.isArray(plain)) return (plain as readonly GoValue[]).map(toJson);
  return plain;
}
