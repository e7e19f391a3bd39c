import { parseDuration } from '../config/quantities.js';
import { SystemClock } from '../model/clock.js';
import { type Command, type Terminal, UsageError } from './command.js';
import { printResult, type QueryData } from './print-result.js';
import { type Arguments, readArguments } from './read-arguments.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const DEFAULT_RANGE_SECONDS = 300;
/** As promtool: a range has about so many steps when nothing is said. */
const DEFAULT_STEPS = 250;

/** `query EXPR`: asks a running server (or any Prometheus) and prints the answer as promtool does. */
export const queryCommand: Command = {
  takes: '[switches] EXPR',
  about: 'ask a running server, now or over a range of time',
  help: [
    `  --url URL          the server; OPSROOM_URL, else ${DEFAULT_URL}; a user and password may be in it`,
    '  --token TOKEN      an API token; OPSROOM_TOKEN, which other users of the machine cannot see, is better',
    '  --time TIME        ask for one moment; now when nothing is said',
    '  --start TIME       ask for a range, from here; 5 minutes before its end when only --end or --step is given',
    '  --end TIME         to here; now when nothing is said',
    '  --step DURATION    in steps of 30s, 5m …; about 250 steps when nothing is said',
    '',
    'A TIME is RFC 3339 (2026-01-31T09:00:00Z) or seconds since 1970. An expression that starts with a dash follows "--".',
  ],
  run: async (args, terminal) => {
    const given = readArguments(args, {
      url: 'value',
      token: 'value',
      time: 'value',
      start: 'value',
      end: 'value',
      step: 'value',
    });
    if (given.rest.length !== 1) {
      throw new UsageError(
        given.rest.length === 0 ? 'it needs an expression' : 'it takes one expression: put it in quotes',
      );
    }
    const { path, parameters } = readRequest(given, given.rest[0]);
    const { url, authorization } = readServer(given, terminal);
    return ask(`${url}/api/v1/${path}`, parameters, authorization, terminal);
  },
};

function readRequest(given: Arguments, query: string): { path: string; parameters: Record<string, string> } {
  const range = ['start', 'end', 'step'].some((name) => given.has(name));
  if (range && given.has('time'))
    throw new UsageError('--time asks for one moment, --start, --end and --step for a range');
  const nowSeconds = new SystemClock().nowMs() / 1000;
  if (!range) return { path: 'query', parameters: { query, time: String(readTime(given, 'time') ?? nowSeconds) } };
  const end = readTime(given, 'end') ?? nowSeconds;
  const start = readTime(given, 'start') ?? end - DEFAULT_RANGE_SECONDS;
  if (end < start) throw new UsageError('--start is after --end');
  const step = readStep(given) ?? Math.max(1, Math.floor((end - start) / DEFAULT_STEPS));
  return { path: 'query_range', parameters: { query, start: String(start), end: String(end), step: String(step) } };
}

function readTime(given: Arguments, name: string): number | undefined {
  const text = given.value(name);
  if (text === undefined) return undefined;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const ms = /^\d{4}-\d\d-\d\d[Tt ]/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `--${name}: ${JSON.stringify(text)} is no time; write 2026-01-31T09:00:00Z or seconds since 1970`,
    );
  }
  return ms / 1000;
}

function readStep(given: Arguments): number | undefined {
  const text = given.value('step');
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (parseDuration(text) ?? NaN) / 1000;
  if (!(seconds > 0))
    throw new UsageError(`--step: ${JSON.stringify(text)} is no duration; write it as 30s, 5m or 1h30m`);
  return seconds;
}

function readServer(given: Arguments, { env }: Terminal): { url: string; authorization: string | undefined } {
  const text = given.value('url') ?? env.OPSROOM_URL ?? DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url: ${JSON.stringify(text)} is no address such as ${DEFAULT_URL}`);
  }
  const token = given.value('token') ?? env.OPSROOM_TOKEN;
  const basic = [url.username, url.password].map(decodeURIComponent).join(':');
  return {
    url: url.origin + url.pathname.replace(/\/+$/, ''),
    authorization: token
      ? `Bearer ${token}`
      : basic === ':'
        ? undefined
        : `Basic ${Buffer.from(basic).toString('base64')}`,
  };
}

async function ask(
  url: string,
  parameters: Readonly<Record<string, string>>,
  authorization: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const failed = (why: string): number => {
    terminal.err(`query error: ${why}\n`);
    return 1;
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(parameters),
      headers: authorization === undefined ? {} : { authorization },
    });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return failed(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const reply = readReply(text);
  if (reply === undefined)
    return failed(`${url}: ${response.status} ${response.statusText}: ${text.trim().slice(0, 200)}`);
  for (const warning of [...(reply.warnings ?? []), ...(reply.infos ?? [])]) terminal.err(`warning: ${warning}\n`);
  if (reply.status === 'error') return failed(`${reply.errorType}: ${reply.error}`);
  terminal.out(`${printResult(reply.data)}\n`);
  return 0;
}

type Reply = { readonly warnings?: readonly string[]; readonly infos?: readonly string[] } & (
  | { readonly status: 'success'; readonly data: QueryData }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string }
);

/** Undefined when it is no reply of Prometheus's API. */
function readReply(text: string): Reply | undefined {
  try {
    const reply = JSON.parse(text) as Partial<Reply> | null;
    const ok = reply?.status === 'success' ? 'data' in reply : reply?.status === 'error' && 'errorType' in reply;
    return ok ? (reply as Reply) : undefined;
  } catch {
    return undefined;
  }
}
