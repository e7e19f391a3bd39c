import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import type { ProcessOptions } from './config.js';
import { defaultProcess } from './defaults.js';
import { didYouMean } from './nearest.js';
import { type Switch, switches } from './switches.js';

/** A setting of opsroom.yml that was given outside of it. */
export interface SettingOverride {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** How messages call it: `--storage.retention` or `OPSROOM_STORAGE_RETENTION`. */
  readonly from: string;
}

/** What the command line and the environment ask for. */
export interface StartOptions extends ProcessOptions {
  readonly checkConfig: boolean;
  readonly help: boolean;
  readonly version: boolean;
  /** In order of precedence, the last wins. */
  readonly overrides: readonly SettingOverride[];
}

interface Given {
  readonly one: Switch;
  readonly value: string;
  readonly from: string;
}

/**
 * Reads `process.argv.slice(2)` and `process.env`. Relative paths are taken from `folder`. Throws `ConfigError` with every
 * unknown switch (and the nearest known one), missing value and impossible value.
 */
export function parseProcessOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  folder = process.cwd(),
): StartOptions {
  const problems: string[] = [];
  const given = [...fromEnvironment(env), ...fromArguments(argv, problems)];
  const last = (name: string): Given | undefined => given.findLast(({ one }) => one.name === name);
  const all = (name: string): string[] =>
    given
      .filter(({ one }) => one.name === name)
      .flatMap(({ value }) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  const checked = <T>(name: string, fallback: T, read: (value: string) => T | undefined, what: string): T => {
    const found = last(name);
    if (!found) return fallback;
    const value = read(found.value);
    if (value === undefined) problems.push(`${found.from}: "${found.value}" is not ${what}`);
    return value ?? fallback;
  };
  const origins = all('allow-origin');
  for (const origin of origins) {
    if (readOrigin(origin) === undefined) {
      problems.push(
        `--allow-origin: "${origin}" is not an origin; write it as https://ops.example.org, without a path`,
      );
    }
  }

  const host = last('host')?.value ?? defaultProcess.host;
  const port = checked('port', defaultProcess.port, readPort, 'a port from 0 to 65535');
  const basePath = checked('base-path', defaultProcess.basePath, readBasePath, 'a path such as /opsroom');
  const own = `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`;
  for (const proxy of all('trusted-proxy')) {
    if (!isNetwork(proxy)) {
      problems.push(`--trusted-proxy: "${proxy}" is neither an address nor a network such as 10.0.0.0/8`);
    }
  }

  const options: StartOptions = {
    host,
    port,
    dataDir: resolve(folder, last('data')?.value ?? 'data'),
    configFile: configFile(last('config')?.value, folder),
    basePath,
    externalUrl: checked('external-url', own, readUrl, 'an address such as https://ops.example.org/opsroom'),
    trustedProxies: all('trusted-proxy'),
    allowedOrigins: origins.flatMap((origin) => readOrigin(origin) ?? []),
    checkConfig: last('check-config') !== undefined,
    help: last('help') !== undefined,
    version: last('version') !== undefined,
    overrides: given.flatMap(({ one, value, from }) =>
      one.setting ? [{ section: one.setting[0], key: one.setting[1], value, from }] : [],
    ),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return options;
}

function configFile(given: string | undefined, folder: string): string | undefined {
  if (given !== undefined) return given === '' ? undefined : resolve(folder, given);
  const usual = resolve(folder, 'opsroom.yml');
  return existsSync(usual) ? usual : undefined;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Given[] {
  return switches.flatMap((one): Given[] => {
    const value = one.env === '' ? undefined : env[one.env];
    // Kubernetes sets OPSROOM_PORT=tcp://10.0.0.1:80 beside every service that is called opsroom; that one is not for us.
    if (value === undefined || (one.name === 'port' && value.startsWith('tcp://'))) return [];
    return [{ one, value, from: one.env }];
  });
}

function fromArguments(argv: readonly string[], problems: string[]): Given[] {
  const given: Given[] = [];
  for (let i = 0; i < argv.length; i++) {
    const match = /^--(?<name>[^=]+)(?:=(?<value>.*))?$/s.exec(argv[i])?.groups;
    if (!match) {
      problems.push(`"${argv[i]}" is not a switch; they start with --, see --help`);
      continue;
    }
    const name = match.name.replaceAll('_', '-');
    const one = switches.find((candidate) => candidate.name === name);
    if (!one) {
      problems.push(
        `unknown switch --${match.name}${didYouMean(
          name,
          switches.map((known) => known.name),
        )}`,
      );
      // What follows probably was its value; it is no mistake of its own.
      if (match.value === undefined && !argv[i + 1]?.startsWith('--')) i++;
      continue;
    }
    let value: string | undefined = match.value;
    if (value === undefined && one.takes === '') {
      value = one.setting && /^(true|false)$/.test(argv[i + 1] ?? '') ? argv[++i] : 'true';
    }
    if (value === undefined) {
      if (i + 1 >= argv.length || argv[i + 1].startsWith('--')) {
        problems.push(`--${one.name} needs a value: --${one.name} ${one.takes}`);
        continue;
      }
      value = argv[++i];
    }
    given.push({ one, value, from: `--${one.name}` });
  }
  return given;
}

function isNetwork(value: string): boolean {
  const [address, bits, ...more] = value.split('/');
  const longest = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
  );
}

function readPort(value: string): number | undefined {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  return port <= 65535 ? port : undefined;
}

/** '' or '/a/b', whatever slashes stand at its ends. */
function readBasePath(value: string): string | undefined {
  const path = `/${value}`.replace(/\/+/g, '/').replace(/\/$/, '');
  return /^(\/[A-Za-z0-9._~-]+)*$/.test(path) && !/\/\.{1,2}(\/|$)/.test(path) ? path : undefined;
}

function readUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const plain = url.search === '' && url.hash === '' && url.username === '';
  return /^https?:$/.test(url.protocol) && plain ? url.origin + url.pathname.replace(/\/+$/, '') : undefined;
}

function readOrigin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return /^https?:$/.test(url.protocol) && bare ? url.origin : undefined;
}
