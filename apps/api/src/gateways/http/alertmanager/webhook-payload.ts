import { z } from 'zod';
import type { ReceivedAlert } from '../../../alerts/received.js';
import { BadBody, describe, type Read, readAlert, readEach } from './postable.js';

/**
 * Webhooks tell a beginning, repeat it every few hours, and tell the end; so an alert from one does not end after
 * `resolve_timeout` but when its end is told, or when nothing was heard of it for so long.
 */
export const FORGET_AFTER_MS = 24 * 3_600_000;

const envelope = z.object({ version: z.string().optional(), alerts: z.array(z.unknown()) });
const text = z.string().nullish();

const statusOnly = z.object({ status: z.enum(['firing', 'resolved']) });

/** What Grafana's alerts have beyond Alertmanager's. */
const grafanaExtra = z.object({
  values: z.record(z.string(), z.number().nullable()).nullish(),
  valueString: text,
  dashboardURL: text,
  panelURL: text,
  silenceURL: text,
  imageURL: text,
});

/** The payload of Alertmanager's `webhook_configs`, version 4. Throws `BadBody` for a body that is none. */
export function readAlertmanagerWebhook(body: unknown, nowMs: number): Read {
  const { version, alerts } = readEnvelope(body, 'Alertmanager’s webhook');
  if (version !== '4') {
    throw new BadBody(
      `version: must be "4", as Alertmanager's webhook sends it, and is ${JSON.stringify(version)}; Grafana's payload goes to /api/opsroom/webhook/grafana`,
    );
  }
  return readEach(alerts, (item) => toldAlert(item, nowMs));
}

/**
 * The payload of a webhook contact point of Grafana's unified alerting. Values and links that are not empty become annotations of
 * their own names (`values` as `B=22.5, C=1`), unless the alert has such annotations itself.
 */
export function readGrafanaWebhook(body: unknown, nowMs: number): Read {
  const { alerts } = readEnvelope(body, 'a webhook of Grafana’s alerting');
  return readEach(alerts, (item) => {
    const alert = toldAlert(item, nowMs);
    const parsed = grafanaExtra.safeParse(item);
    if (!parsed.success) throw new BadBody(describe(parsed.error));
    const { values, ...texts } = parsed.data;
    const printed = Object.entries(values ?? {}).map(([name, value]) => `${name}=${value ?? 'none'}`);
    const extra = Object.entries({ values: printed.join(', '), ...texts }).flatMap(([name, value]) =>
      value ? [[name, value] as const] : [],
    );
    return { ...alert, annotations: { ...Object.fromEntries(extra), ...alert.annotations } };
  });
}

function readEnvelope(body: unknown, what: string): z.output<typeof envelope> {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) throw new BadBody(`this is not the payload of ${what}: ${describe(parsed.error)}`);
  return parsed.data;
}

/** The status decides what it is, and not the times, since the sender's clock may be another. */
function toldAlert(item: unknown, nowMs: number): ReceivedAlert {
  const parsed = statusOnly.safeParse(item);
  if (!parsed.success) throw new BadBody(describe(parsed.error));
  const alert = readAlert(item);
  const endsAtMs =
    parsed.data.status === 'resolved' ? Math.min(alert.endsAtMs ?? nowMs, nowMs) : nowMs + FORGET_AFTER_MS;
  return { ...alert, endsAtMs };
}
