import { fingerprint, type AlertView } from '@opsroom/contracts';

/** A firing alert of a rule; tests name only what they care about. */
export function alertOf(name: string, changes: Partial<AlertView> = {}): AlertView {
  const labels = { alertname: name, severity: 'critical', ...changes.labels };
  return {
    fingerprint: fingerprint(labels),
    annotations: {},
    condition: 'firing',
    episode: `${name}-1`,
    value: 1,
    activeAtMs: 1_000,
    firedAtMs: 2_000,
    evaluatedMs: 3_000,
    suppressedBy: [],
    flaps: 0,
    origin: { kind: 'rule', file: 'rules.yml', group: 'host', expr: 'up == 0', health: 'ok' },
    ...changes,
    labels,
  };
}
