import { FunctionError } from '../errors.js';
import { type FunctionTable, GoFunction, GoMap, GoStruct, type GoValue, byCodePoint, stringMap } from '../values.js';
import { queryEscape } from './builtins.js';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
  toFloat,
  toTime,
} from './humanize.js';
import { matchText, replaceText } from './regexp.js';
import { durationValue } from './time.js';

/** One element of what `query` returns. */
export interface QueryElement {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusTemplateContext {
  /** Evaluates an expression now; what it throws becomes the template's error. */
  readonly query: (expression: string) => readonly QueryElement[];
  readonly nowMs: number;
  /** The server's address as users see it, without a slash at its end. */
  readonly externalUrl: string;
}

/** The functions that templates of Prometheus's rules have besides text/template's own. */
export function prometheusFunctions(context: PrometheusTemplateContext): FunctionTable {
  return {
    query: fn(['string'], ([expression]) => context.query(expression as string).map(sample)),
    first: fn(['list'], ([list]) => {
      const samples = list as readonly GoValue[];
      if (samples.length === 0) throw new FunctionError('first() called on vector with no elements');
      return samples[0];
    }),
    label: fn(['string', 'any'], ([name, value]) => labelsOf(value).get(name as string)),
    value: fn(['any'], ([value]) => sampleOf(value).fields.Value),
    strvalue: fn(['any'], ([value]) => labelsOf(value).get('__value__')),
    sortByLabel: fn(['string', 'list'], ([name, list]) =>
      [...(list as readonly GoValue[])].sort((a, b) =>
        byCodePoint(text(labelsOf(a).get(name as string)), text(labelsOf(b).get(name as string))),
      ),
    ),
    args: fn([], (values) => new GoMap(Object.fromEntries(values.map((value, i) => [`arg${i}`, value]))), 'any'),
    ...textFunctions,
    humanizePercentage: fn(['any'], ([value]) => humanizePercentage(toFloat(value))),
    humanizeTimestamp: fn(['any'], ([value]) => humanizeTimestamp(toFloat(value))),
    humanize: fn(['any'], ([value]) => humanize(toFloat(value))),
    humanize1024: fn(['any'], ([value]) => humanize1024(toFloat(value))),
    toTime: fn(['any'], ([value]) => toTime(toFloat(value))),
    toDuration: fn(['any'], ([value]) => durationValue(toFloat(value) * 1000)),
    now: fn([], () => context.nowMs / 1000),
    parseDuration: fn(['string'], ([value]) => parseDurationSeconds(value as string)),
    stripPort: fn(['string'], ([value]) => stripPort(value as string)),
    stripDomain: fn(['string'], ([value]) => stripDomain(value as string)),
    graphLink: fn(['string'], ([expression]) => `/graph?g0.expr=${queryEscape(expression as string)}&g0.tab=0`),
    tableLink: fn(['string'], ([expression]) => `/graph?g0.expr=${queryEscape(expression as string)}&g0.tab=1`),
    urlQueryEscape: fn(['string'], ([value]) => queryEscape(value as string)),
    pathPrefix: fn([], () => pathOf(context.externalUrl)),
    externalURL: fn([], () => context.externalUrl),
  };
}

const fn = (parameters: GoFunction['parameters'], run: GoFunction['run'], rest?: GoFunction['rest']): GoFunction =>
  new GoFunction(parameters, run, rest);
const text = (value: GoValue): string => (typeof value === 'string' ? value : '');

/** Text functions that Prometheus's and Alertmanager's templates share. */
export const textFunctions: FunctionTable = {
  match: fn(['string', 'string'], ([pattern, value]) => matchText(pattern as string, value as string)),
  reReplaceAll: fn(['string', 'string', 'string'], ([pattern, replacement, value]) =>
    replaceText(pattern as string, replacement as string, value as string),
  ),
  title: fn(['string'], ([value]) => title(value as string)),
  toUpper: fn(['string'], ([value]) => (value as string).toUpperCase()),
  toLower: fn(['string'], ([value]) => (value as string).toLowerCase()),
  safeHtml: fn(['string'], ([value]) => value),
  humanizeDuration: fn(['any'], ([value]) => humanizeDuration(toFloat(value))),
};

/** Go's strings.Title: the first letter of each word in upper case. */
const title = (value: string): string =>
  value.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

const sample = (element: QueryElement): GoStruct =>
  new GoStruct('template.sample', { Labels: stringMap(element.labels), Value: element.value });

function sampleOf(value: GoValue): GoStruct {
  if (value instanceof GoStruct && value.typeName === 'template.sample') return value;
  throw new FunctionError('expected a sample of a query');
}

function labelsOf(value: GoValue): GoMap {
  const labels = sampleOf(value).fields.Labels;
  return labels instanceof GoMap ? labels : stringMap({});
}

const UNITS: readonly (readonly [string, number])[] = [
  ['y', 31_536_000],
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
];

/** Prometheus's duration syntax, in seconds. */
function parseDurationSeconds(value: string): number {
  if (value === '0') return 0;
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(value);
  if (value === '' || !match) throw new FunctionError(`not a valid duration string: ${JSON.stringify(value)}`);
  return UNITS.reduce((sum, [, seconds], i) => sum + Number(match[i + 1] ?? 0) * seconds, 0);
}

/** `host:9090` to `host`, `[::1]:80` to `::1`; what has no port stays. */
function stripPort(value: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:\]]*)$/.exec(value);
  return match ? (match[1] ?? match[2]) : value;
}

/** `host.example.org:9090` to `host:9090`; addresses stay. */
function stripDomain(value: string): string {
  const host = stripPort(value);
  const port = host === value ? '' : value.slice(value.lastIndexOf(':'));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':')) return value;
  return host.split('.')[0] + port;
}

const pathOf = (url: string): string => /^[a-z]+:\/\/[^/]*(\/.*)?$/i.exec(url)?.[1]?.replace(/\/$/, '') ?? '';
