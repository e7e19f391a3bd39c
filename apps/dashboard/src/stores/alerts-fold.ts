import type { AlertsFrame, AlertView, Position } from '@opsroom/contracts';

/** What a watcher knows of an alerts topic after some frames. */
export interface AlertsFold {
  readonly position: Position | null;
  readonly alerts: ReadonlyMap<string, AlertView>;
}

export const EMPTY_FOLD: AlertsFold = { position: null, alerts: new Map() };

/**
 * Applies one frame. Frames that are already known change nothing; null says that one between is missing, so that the
 * watcher must subscribe again from its position rather than show a list with a hole.
 */
export function foldFrame(fold: AlertsFold, frame: AlertsFrame): AlertsFold | null {
  if (frame.kind === 'snapshot') {
    return { position: frame.position, alerts: new Map(frame.alerts.map((alert) => [alert.fingerprint, alert])) };
  }
  const { position } = fold;
  if (position === null || position.epoch !== frame.position.epoch) return null;
  if (frame.position.offset <= position.offset) return fold;
  if (frame.position.offset > position.offset + 1) return null;
  const alerts = new Map(fold.alerts);
  for (const fingerprint of frame.removed) alerts.delete(fingerprint);
  for (const alert of frame.changed) alerts.set(alert.fingerprint, alert);
  return { position: frame.position, alerts };
}
