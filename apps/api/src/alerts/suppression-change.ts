import type { Suppression } from '@opsroom/contracts';

const CHANGES = [
  { kinds: ['silence'], begun: 'silenced', ended: 'unsilenced' },
  { kinds: ['inhibition'], begun: 'inhibited', ended: 'uninhibited' },
  { kinds: ['mute_time', 'active_time'], begun: 'muted', ended: 'unmuted' },
] as const satisfies readonly { kinds: readonly Suppression['kind'][]; begun: string; ended: string }[];

/** How a change of what suppresses an alert is told; of several the first. Undefined when nothing has changed. */
export function suppressionChange(
  before: readonly Suppression[],
  now: readonly Suppression[],
): (typeof CHANGES)[number]['begun' | 'ended'] | undefined {
  for (const { kinds, begun, ended } of CHANGES) {
    const of = (all: readonly Suppression[]): Suppression[] => all.filter(({ kind }) => kinds.some((k) => k === kind));
    const current = of(now);
    if (JSON.stringify(of(before)) !== JSON.stringify(current)) return current.length > 0 ? begun : ended;
  }
  return undefined;
}
