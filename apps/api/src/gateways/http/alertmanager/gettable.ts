import type { AlertView, MatcherSpec, SilenceView } from '@opsroom/contracts';
import { ZERO_TIME } from '../../../notifications/delivery/message.js';

/**
 * The shapes of Alertmanager's API v2 (its api/v2/openapi.yaml), made from ours. `notReceived` is when an alert whose sender
 * has given no end would be taken for resolved.
 */
export interface GettableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly generatorURL: string;
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed';
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
    readonly mutedBy: readonly string[];
  };
}

export interface GettableMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface GettableSilence {
  readonly id: string;
  readonly status: { readonly state: SilenceView['state'] };
  readonly matchers: readonly GettableMatcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function gettableAlert(alert: AlertView, receivers: readonly string[], generatorUrl: string): GettableAlert {
  const silencedBy = alert.suppressedBy.flatMap((one) => (one.kind === 'silence' ? [one.silenceId] : []));
  const inhibitedBy = alert.suppressedBy.flatMap((one) => (one.kind === 'inhibition' ? [one.bySource] : []));
  return {
    annotations: alert.annotations,
    endsAt: alert.resolvedAtMs === undefined ? ZERO_TIME : iso(alert.resolvedAtMs),
    fingerprint: alert.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: iso(startedMs(alert)),
    status: {
      inhibitedBy,
      mutedBy: [],
      silencedBy,
      state: alert.suppressedBy.length > 0 ? 'suppressed' : 'active',
    },
    updatedAt: iso(alert.evaluatedMs),
    generatorURL: alert.origin.kind === 'received' ? alert.origin.generatorUrl : generatorUrl,
    labels: alert.labels,
  };
}

export function gettableSilence(silence: SilenceView): GettableSilence {
  return {
    id: silence.id,
    status: { state: silence.state },
    updatedAt: iso(silence.updatedAtMs),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: iso(silence.endsAtMs),
    matchers: silence.matchers.map(gettableMatcher),
    startsAt: iso(silence.startsAtMs),
  };
}

function gettableMatcher({ name, operator, value }: MatcherSpec): GettableMatcher {
  return { isEqual: !operator.startsWith('!'), isRegex: operator.endsWith('~'), name, value };
}

/** When it began, as the sender of a received alert said; a rule's alert begins when its `for` is over. */
function startedMs({ origin, activeAtMs, firedAtMs }: AlertView): number {
  return origin.kind === 'received' ? activeAtMs : (firedAtMs ?? activeAtMs);
}
