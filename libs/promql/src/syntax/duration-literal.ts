import type { TextRange } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import { MAX_DURATION_MS, tryParseDuration } from './duration.js';

/**
 * Seconds of an unsigned literal with units (`1h30m`); undefined for a plain number. Throws PromqlSyntaxError for a
 * duration above Prometheus's bound.
 */
export function durationSeconds(text: string, range: TextRange): number | undefined {
  if (!/^\d.*[ywdhms]$/.test(text) || /^0[xX]/.test(text)) return undefined;
  const ms = tryParseDuration(text);
  if (ms === undefined) return undefined;
  if (ms > MAX_DURATION_MS) throw new PromqlSyntaxError('duration out of range', range);
  return ms / 1000;
}
