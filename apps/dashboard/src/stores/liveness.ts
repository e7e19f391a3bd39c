/** How true the page is right now. `silent`: the connection stands but nothing has come for too long. */
export type Liveness = 'connecting' | 'live' | 'silent' | 'lost';

/** What is known about the connection, all times in ms by the page's own clock. */
export interface LinkFacts {
  readonly connected: boolean;
  /** Has it ever been connected since the page was opened? */
  readonly everConnected: boolean;
  /** When the server was last heard. */
  readonly heardMs: number;
  /** How often the server speaks when all is well. */
  readonly rhythmMs: number;
}

/** Never call a server silent sooner than this. */
const PATIENCE_MS = 5_000;

/** Judges the connection; the server counts as silent after three missed beats, at least five seconds. */
export function livenessOf(facts: LinkFacts, nowMs: number): Liveness {
  if (!facts.connected) return facts.everConnected ? 'lost' : 'connecting';
  return nowMs - facts.heardMs > Math.max(PATIENCE_MS, 3 * facts.rhythmMs) ? 'silent' : 'live';
}

/** The server's beat, from the gaps between its messages: it follows slower beats at once and faster ones slowly. */
export const nextRhythm = (rhythmMs: number, gapMs: number): number =>
  Math.min(60_000, gapMs > rhythmMs ? gapMs : rhythmMs * 0.9 + gapMs * 0.1);

/**
 * The server's clock minus the page's. A message that says its time was under way for a while, so the largest
 * difference seen is the truest; it fades, so that a clock that is set back is followed too.
 */
export const nextClockOffset = (offsetMs: number | null, seenMs: number): number =>
  offsetMs === null || seenMs > offsetMs || offsetMs - seenMs > 2_000 ? seenMs : offsetMs + (seenMs - offsetMs) * 0.02;
