import type { Reply } from '@opsroom/contracts';

/** The function that answers a packet, if its sender asked for an answer. */
export function acknowledgementOf(values: readonly unknown[]): ((reply: Reply) => void) | undefined {
  return values.find((value): value is (reply: Reply) => void => typeof value === 'function');
}
