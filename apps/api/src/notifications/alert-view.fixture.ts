import type { AlertView } from '@opsroom/contracts';

const START_MS = 1_700_000_000_000;

/** A firing alert; `own` overrides. */
export function alertView(own: Partial<AlertView> & { readonly fingerprint: string }): AlertView {
  return {
    labels: { alertname: 'HighCpu', instance: own.fingerprint, severity: 'critical' },
    annotations: { summary: `CPU of ${own.fingerprint} is high` },
    condition: 'firing',
    episode: 'e1',
    value: 90,
    activeAtMs: START_MS,
    firedAtMs: START_MS,
    evaluatedMs: START_MS,
    suppressedBy: [],
    flaps: 0,
    origin: { kind: 'rule', file: 'host.yml', group: 'cpu', expr: 'x > 80', health: 'ok' },
    ...own,
  };
}

/** The same alert after its end. */
export function resolved(alert: AlertView, atMs: number): AlertView {
  return { ...alert, condition: 'resolved', resolvedAtMs: atMs };
}
