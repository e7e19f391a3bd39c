import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type z } from 'zod';
import { checkAnonymous, checkRouting } from './checks.js';
import { ConfigError } from './config-error.js';
import { makeConfig, type OpsroomConfig } from './config.js';
import { configFlags } from './flags.js';
import type { SettingOverride, StartOptions } from './process-options.js';
import { scrub } from './scrub.js';
import { global } from './sections/global.js';
import { ownShape } from './sections/own-sections.js';
import { receiver } from './sections/receivers.js';
import { resolveReceivers } from './sections/resolve-receivers.js';
import { inhibitRule, route } from './sections/routing.js';
import { remoteWrite, resolveScrape, scrapeConfig } from './sections/scrape-section.js';
import { timeInterval } from './sections/time-intervals.js';
import { list, nonEmpty, section, unread } from './sections/values.js';
import { notDone, printPath } from './warnings.js';
import { readYaml, type YamlSource } from './yaml-source.js';

const file = section('', {
  ...ownShape,
  global,
  rule_files: list(nonEmpty()).default([]),
  scrape_configs: list(scrapeConfig).default([]),
  remote_write: list(remoteWrite).default([]),
  templates: list(nonEmpty()).default([]),
  route: route.optional(),
  receivers: list(receiver).default([]),
  inhibit_rules: list(inhibitRule).default([]),
  time_intervals: list(timeInterval).default([]),
  mute_time_intervals: list(timeInterval).default([]),
  scrape_config_files: unread(),
  remote_read: unread(),
  alerting: unread(),
  runtime: unread(),
  tracing: unread(),
  otlp: unread(),
  statsd: unread(),
  probes: unread(),
});

/**
 * Reads opsroom.yml (if there is one) under what switches and the environment say. Throws `ConfigError` with everything that
 * is wrong, each `opsroom.yml:12: …`.
 */
export function loadConfig(options: StartOptions): OpsroomConfig {
  const { configFile } = options;
  const text = configFile === undefined ? '' : readText(configFile);
  const source = readYaml(configFile === undefined ? 'opsroom.yml' : basename(configFile), text);
  if (source.problems.length > 0) throw new ConfigError(source.problems);
  const { data, origin } = overlay(source, options.overrides);
  const parsed = file.safeParse(data);
  if (!parsed.success)
    throw new ConfigError(unique(parsed.error.issues.flatMap((issue) => describe(issue, source, origin))));

  const sections = parsed.data;
  const problems: string[] = [];
  const problem = (path: readonly PropertyKey[], message: string): void => {
    problems.push(`${place(path, source, origin)}: ${message}`);
  };
  const folder = configFile === undefined ? process.cwd() : dirname(configFile);
  const absolute = (paths: readonly string[]): string[] => paths.map((path) => resolve(folder, path));
  const receivers = resolveReceivers(sections.receivers, {
    global: sections.global,
    problem,
    readSecret: (path) => {
      try {
        return readFileSync(resolve(folder, path), 'utf8').trim();
      } catch (error) {
        problems.push(`${source.file}: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    },
  });
  checkRouting(
    sections.route,
    receivers,
    (['time_intervals', 'mute_time_intervals'] as const).flatMap((key) =>
      sections[key].map((interval, i) => ({ path: [key, i], interval })),
    ),
    problem,
  );
  checkAnonymous(sections.accounts, options.host, problem);
  if (problems.length > 0) throw new ConfigError(unique(problems));

  const config = {
    process: {
      host: options.host,
      port: options.port,
      dataDir: options.dataDir,
      configFile,
      basePath: options.basePath,
      externalUrl: options.externalUrl,
      trustedProxies: options.trustedProxies,
      allowedOrigins: options.allowedOrigins,
    },
    global: {
      scrapeIntervalMs: sections.global.scrape_interval,
      evaluationIntervalMs: sections.global.evaluation_interval,
      externalLabels: expandLabels(sections.global.external_labels, process.env),
      ruleQueryOffsetMs: sections.global.rule_query_offset,
    },
    storage: sections.storage,
    topics: sections.topics,
    accounts: sections.accounts,
    query: sections.query,
    ruleFiles: absolute(sections.rule_files),
    templateFiles: absolute(sections.templates),
    resolveTimeoutMs: sections.global.resolve_timeout,
    route: sections.route,
    receivers,
    inhibitRules: sections.inhibit_rules,
    timeIntervals: [...sections.time_intervals, ...sections.mute_time_intervals],
    scrapeConfigs: sections.scrape_configs.map((one) => resolveScrape(one, sections.global)),
    remoteWrite: sections.remote_write,
    text: scrub(text),
    warnings: notDone(source),
  };
  return makeConfig({ ...config, flags: configFlags(config) });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([
      `cannot read the configuration ${path}: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

interface Overlaid {
  readonly data: unknown;
  /** Where an overridden value came from, by its printed path. */
  readonly origin: ReadonlyMap<string, string>;
}

function overlay(source: YamlSource, overrides: readonly SettingOverride[]): Overlaid {
  const origin = new Map<string, string>();
  const { data } = source;
  // Not a mapping is a mistake of the file that its check reports; an empty file is a mapping without keys.
  if (data !== '' && data !== null && !isMapping(data)) return { data, origin };
  const merged: Record<string, unknown> = isMapping(data) ? { ...data } : {};
  for (const { section: name, key, value, from } of overrides) {
    const before = merged[name];
    merged[name] = { ...(isMapping(before) ? before : {}), [key]: value };
    origin.set(`${name}.${key}`, from);
  }
  return { data: merged, origin };
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function place(path: readonly PropertyKey[], source: YamlSource, origin: ReadonlyMap<string, string>): string {
  return origin.get(printPath(path)) ?? source.locate(path);
}

function describe(issue: z.core.$ZodIssue, source: YamlSource, origin: ReadonlyMap<string, string>): string[] {
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, i) => `${source.locate([...issue.path, key], true)}: ${messages[i] ?? issue.message}`);
  }
  const message = issue.code === 'invalid_type' && issue.expected === 'nonoptional' ? 'is missing' : issue.message;
  const path = printPath(issue.path);
  const from = origin.get(path);
  if (from !== undefined) return [`${from}: ${message}`];
  return [`${source.locate(issue.path)}: ${path === '' ? '' : `${path} `}${message}`];
}

const unique = (messages: readonly string[]): string[] => [...new Set(messages)];

/** `$VAR` and `${VAR}` in external labels, as Prometheus 3 expands them; an unset variable is ''. `$$` is a dollar. */
function expandLabels(
  labels: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const expand = (value: string): string =>
    value.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole: string, braced: string | undefined, bare: string | undefined) =>
      whole === '$$' ? '$' : (env[[braced, bare].join('')] ?? ''),
    );
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, expand(value)]));
}
