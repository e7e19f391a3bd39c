import { fingerprint, type LabelSet } from '@opsroom/contracts';
import type { LifecycleEvent } from './lifecycle.js';

/** An alert that somebody sent: Prometheus over the Alertmanager API, or another system's webhook. */
export interface ReceivedAlert {
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  /** Absent: now. */
  readonly startsAtMs?: number;
  /** In the past: it is resolved. Absent: it resolves when it is not sent again in time. */
  readonly endsAtMs?: number;
  readonly generatorUrl: string;
}

/** What receiving it means for the life of the alert with its labels. */
export function receivedEvent(
  alert: ReceivedAlert,
  nowMs: number,
  resolveTimeoutMs: number,
): { fingerprint: string; event: LifecycleEvent } {
  const labels = Object.fromEntries(Object.entries(alert.labels).filter(([, value]) => value !== ''));
  const key = fingerprint(labels);
  const { endsAtMs } = alert;
  if (endsAtMs !== undefined && endsAtMs <= nowMs) {
    return { fingerprint: key, event: { kind: 'absent', atMs: nowMs, endedMs: endsAtMs } };
  }
  return {
    fingerprint: key,
    event: {
      kind: 'observed',
      atMs: nowMs,
      observation: {
        fingerprint: key,
        labels,
        annotations: alert.annotations,
        origin: { kind: 'received', generatorUrl: alert.generatorUrl },
        ruleId: '',
        condition: 'firing',
        value: NaN,
        activeAtMs: Math.min(alert.startsAtMs ?? nowMs, nowMs),
        expiresMs: endsAtMs ?? nowMs + resolveTimeoutMs,
      },
    },
  };
}
