import type { AlertView, MatcherSpec, SilenceView } from '@opsroom/contracts';
import { startedMs } from '../../../notifications/delivery/message.js';

/** What the API says of an alert beyond the alert itself. */
export interface AlertContext {
  readonly receivers: readonly string[];
  /** For an alert whose sender has none. */
  readonly generatorUrl: string;
  /** When an alert that fires would be over if nothing more were heard of it. */
  readonly expiresMs: number;
  /** Names of the time intervals that mute the group in which it is shown. */
  readonly mutedBy?: readonly string[];
}

/** The shapes of Alertmanager's API v2 (its api/v2/openapi.yaml), made from ours. */
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

export function gettableAlert(alert: AlertView, context: AlertContext): GettableAlert {
  const silencedBy = alert.suppressedBy.flatMap((one) => (one.kind === 'silence' ? [one.silenceId] : []));
  const inhibitedBy = alert.suppressedBy.flatMap((one) => (one.kind === 'inhibition' ? [one.bySource] : []));
  const mutedBy = context.mutedBy ?? [];
  return {
    annotations: alert.annotations,
    endsAt: iso(alert.resolvedAtMs ?? context.expiresMs),
    fingerprint: alert.fingerprint,
    receivers: context.receivers.map((name) => ({ name })),
    startsAt: iso(startedMs(alert)),
    status: {
      inhibitedBy,
      mutedBy,
      silencedBy,
      state: silencedBy.length + inhibitedBy.length + mutedBy.length > 0 ? 'suppressed' : 'active',
    },
    updatedAt: iso(alert.evaluatedMs),
    generatorURL: alert.origin.kind === 'received' ? alert.origin.generatorUrl : context.generatorUrl,
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
