import { z } from 'zod';
import { ownSettings } from './sections/own-sections.js';
import type { SettingMeta } from './sections/values.js';

/** One thing that can be said on the command line or in the environment. */
export interface Switch {
  /** Without the dashes: `host`, `storage.retention-size`. */
  readonly name: string;
  readonly env: string;
  /** What follows it; '' for a switch that stands alone. */
  readonly takes: string;
  readonly help: string;
  /** `[section, key]` of opsroom.yml for a setting. */
  readonly setting?: readonly [section: string, key: string];
}

/** The process's own switches; everything else is a setting of opsroom.yml. */
const processSwitches: readonly Switch[] = [
  { name: 'config', env: 'OPSROOM_CONFIG', takes: 'FILE', help: 'configuration; ./opsroom.yml if it is there' },
  { name: 'host', env: 'OPSROOM_HOST', takes: 'ADDRESS', help: 'address to listen on; 127.0.0.1' },
  { name: 'port', env: 'OPSROOM_PORT', takes: 'NUMBER', help: 'port to listen on; 3000' },
  { name: 'data', env: 'OPSROOM_DATA', takes: 'FOLDER', help: 'where samples, alerts and accounts are kept; ./data' },
  { name: 'base-path', env: 'OPSROOM_BASE_PATH', takes: 'PATH', help: 'path under which a proxy serves it: /opsroom' },
  {
    name: 'external-url',
    env: 'OPSROOM_EXTERNAL_URL',
    takes: 'URL',
    help: 'address at which people reach this server, for links in messages; http://HOST:PORT with the base path',
  },
  {
    name: 'trusted-proxy',
    env: 'OPSROOM_TRUSTED_PROXIES',
    takes: 'ADDRESS',
    help: 'address or network of a proxy whose forwarded headers are believed, beside loopback; may be repeated',
  },
  {
    name: 'allow-origin',
    env: 'OPSROOM_ALLOWED_ORIGINS',
    takes: 'ORIGIN',
    help: 'origin of a page that may use this server, beside its own: https://ops.example.org; may be repeated',
  },
  { name: 'check-config', env: '', takes: '', help: 'read the configuration, print OK or all that is wrong, and exit' },
  { name: 'help', env: '', takes: '', help: 'print this and exit' },
  { name: 'version', env: '', takes: '', help: 'print the version and exit' },
];

const TAKES: Readonly<Record<SettingMeta['kind'], string>> = {
  duration: 'DURATION',
  size: 'SIZE',
  count: 'NUMBER',
  boolean: '',
  word: 'VALUE',
};

function settingSwitches(): Switch[] {
  return Object.entries(ownSettings).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, schema]): Switch => {
      const meta = z.globalRegistry.get(schema) as SettingMeta | undefined;
      if (!meta) throw new Error(`setting ${section}.${key} has no description`);
      return {
        name: `${section}.${key.replaceAll('_', '-')}`,
        env: `OPSROOM_${section}_${key}`.toUpperCase(),
        takes: TAKES[meta.kind],
        help: meta.help,
        setting: [section, key],
      };
    }),
  );
}

export const switches: readonly Switch[] = [...processSwitches, ...settingSwitches()];

/** The text of `--help`. */
export function usage(): string {
  const line = (one: Switch): string => {
    const head = `  --${one.name}${one.takes === '' ? '' : ` ${one.takes}`}`;
    return `${head.padEnd(46)} ${one.help}`;
  };
  return [
    'Opsroom: a real-time operations dashboard.',
    '',
    'npm start -- [switches]',
    '',
    ...switches.filter((one) => !one.setting).map(line),
    '',
    'Settings of opsroom.yml; a switch wins over the environment, the environment over the file:',
    ...switches.filter((one) => one.setting).map(line),
    '',
    'Each has a variable of the environment: --host is OPSROOM_HOST, --storage.retention is OPSROOM_STORAGE_RETENTION.',
  ].join('\n');
}
