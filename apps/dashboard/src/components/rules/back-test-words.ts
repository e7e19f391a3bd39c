import type { BackTestedRule } from '@opsroom/contracts';
import { formatDuration } from '../../format/duration.js';

/** What a rule would have done, in one sentence: `In the last 6h this would have fired 3 times, for 12m in all.` */
export function backTestWords(
  { fired, firingMs }: Pick<BackTestedRule, 'fired' | 'firingMs'>,
  windowMs: number,
): string {
  const window = `In the last ${formatDuration(windowMs)} this would`;
  if (fired === 0) return `${window} not have fired.`;
  const times = fired === 1 ? 'once' : fired === 2 ? 'twice' : `${fired} times`;
  return `${window} have fired ${times}, for ${formatDuration(firingMs)}${fired === 1 ? '' : ' in all'}.`;
}
