import type {
  AlertOutcome,
  AlertView,
  NotificationEvent,
  NotifierOutcome,
  ReceiverView,
  RouteView,
} from '@opsroom/contracts';
import { requestJson } from './http.js';

export const listReceivers = async (): Promise<readonly ReceiverView[]> =>
  (await requestJson<{ receivers: readonly ReceiverView[] }>('GET', 'api/opsroom/receivers')).receivers;

/** The routing tree; null when the configuration has none and nobody is notified. */
export const loadRoute = async (): Promise<RouteView | null> =>
  (await requestJson<{ route: RouteView | null }>('GET', 'api/opsroom/routes')).route;

/** The newest entries of the log, or those before the one with the id `before`. */
export const listNotifications = async (limit: number, before?: number): Promise<readonly NotificationEvent[]> => {
  const older = before === undefined ? '' : `&before=${before}`;
  const path = `api/opsroom/notifications?limit=${limit}${older}`;
  return (await requestJson<{ events: readonly NotificationEvent[] }>('GET', path)).events;
};

/** Sends a made-up alert to every notifier of the receiver and waits for each one's answer. */
export const sendTest = async (receiver: string): Promise<readonly NotifierOutcome[]> => {
  const path = `api/opsroom/receivers/${encodeURIComponent(receiver)}/test`;
  return (await requestJson<{ outcomes: readonly NotifierOutcome[] }>('POST', path, {})).outcomes;
};

/** What the link in a message is about; the alert is null when its episode is over. Changes nothing. */
export const lookUpLink = (token: string): Promise<{ alert: AlertView | null; receiver: string }> =>
  requestJson('GET', `api/opsroom/acknowledge-link?token=${encodeURIComponent(token)}`);

/** Acknowledges what the link is about; the link is spent. */
export const redeemLink = async (token: string): Promise<AlertOutcome> =>
  (await requestJson<{ outcome: AlertOutcome }>('POST', 'api/opsroom/acknowledge-link', { token })).outcome;
