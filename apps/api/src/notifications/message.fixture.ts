import { alertView, resolved } from './alert-view.fixture.js';
import { buildMessage, type Message, type QueuedMessage } from './delivery/message.js';
import { buildRoute } from '../routing/route.js';
import { routeNode } from '../routing/routing.fixture.js';

const START_MS = 1_700_000_000_000;

/** A group of one firing and one resolved alert as it waits in the outbox. */
export function queuedMessage(): QueuedMessage {
  const a = alertView({ fingerprint: 'a' });
  const b = resolved(alertView({ fingerprint: 'b' }), START_MS + 60_000);
  const route = buildRoute(routeNode({ receiver: 'team', groupBy: ['alertname'] }));
  const group = { key: '{}:{alertname="HighCpu"}', route, labels: { alertname: 'HighCpu' }, alerts: new Map() };
  return buildMessage(
    'team',
    group,
    { send: true, reason: 'new_alerts', firing: [a], resolved: [b], held: [] },
    { externalUrl: 'http://ops', sendResolved: true },
  );
}

/** The same as it is told. */
export function exampleMessage(): Message {
  const { alerts, ...message } = queuedMessage();
  const linked = alerts.map(({ episode: _, ...alert }) => {
    const acknowledgeURL = alert.status === 'firing' ? `http://ops/ack/${alert.fingerprint}` : '';
    return { ...alert, acknowledgeURL };
  });
  return { ...message, alerts: linked };
}
