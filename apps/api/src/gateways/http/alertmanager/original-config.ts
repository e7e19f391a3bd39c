import { isMap, isScalar, parse, parseDocument, stringify, visit } from 'yaml';

/** Keys of `global` that Alertmanager knows; the others are Prometheus's, which share the section here. */
const GLOBAL =
  /^(resolve_timeout|http_config|(smtp|slack|pagerduty|opsgenie|wechat|victorops|telegram|webex|rocketchat|jira|mattermost)_.+)$/;
const SECTIONS = ['templates', 'route', 'receivers', 'inhibit_rules', 'time_intervals', 'mute_time_intervals'];
/** What stands in for a configuration that tells nobody: Alertmanager's tools refuse one without a route. */
const NOBODY = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };

const NOWHERE = 'http://secret.invalid/';

/**
 * The part of the configuration's text that is Alertmanager's, as a file that its tools accept: `amtool config show` prints it and
 * `amtool config routes` reads it, and they refuse sections that they do not know.
 */
export function originalConfig(text: string): string {
  const file: unknown = text === '' ? {} : parse(text);
  const all = isSection(file) ? file : {};
  const global = isSection(all.global) ? Object.entries(all.global).filter(([key]) => GLOBAL.test(key)) : [];
  const sections = SECTIONS.filter((key) => key in all).map((key) => [key, theirs(all[key])] as const);
  const picked = Object.fromEntries(sections);
  const original = stringify({
    ...(global.length > 0 && { global: Object.fromEntries(global) }),
    ...('route' in picked ? {} : NOBODY),
    ...picked,
  });
  return withReadableUrls(original);
}

/** Inhibit rules by parent are ours alone; without that key they would say something else. */
function theirs(section: unknown): unknown {
  return Array.isArray(section) ? section.filter((rule) => !(isSection(rule) && 'parent_labels' in rule)) : section;
}

/** A webhook's address is blanked as `<secret>`, which tools before 0.26 refuse as an address; they get one that leads nowhere. */
function withReadableUrls(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, pair, path) {
      const inWebhook = path.some((node) => isMap(node) && node.has('url'));
      if (!inWebhook || !isScalar(pair.key) || !isScalar(pair.value)) return;
      if (pair.key.value === 'url' && pair.value.value === '<secret>') pair.value.value = NOWHERE;
    },
  });
  return document.toString();
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
