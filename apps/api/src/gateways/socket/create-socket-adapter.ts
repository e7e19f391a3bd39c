import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from '../../accounts/accounts.service.js';
import type { OpsroomConfig } from '../../config/config.js';
import { Clock } from '../../model/clock.js';
import { OriginPolicy } from '../http/origin-policy.js';
import { OriginationService } from '../http/origination.service.js';
import { MetricsDelivery } from './metrics-delivery.js';
import { OpsroomSocketAdapter } from './opsroom-socket.adapter.js';
import { Requests } from './requests.js';
import { SocketSessions } from './socket-sessions.js';

/** The sockets of an application: `app.useWebSocketAdapter(createSocketAdapter(app, config))`, before it listens. */
export function createSocketAdapter(app: INestApplicationContext, config: OpsroomConfig): OpsroomSocketAdapter {
  const origins = app.get(OriginPolicy, { strict: false });
  const origination = app.get(OriginationService, { strict: false });
  const delivery = app.get(MetricsDelivery, { strict: false });
  const sessions = app.get(SocketSessions, { strict: false });
  return new OpsroomSocketAdapter(app, {
    config,
    clock: app.get(Clock, { strict: false }),
    accounts: app.get(AccountsService, { strict: false }),
    requests: app.get(Requests, { strict: false }),
    refuseHandshake: (request) => {
      const decision = origins.check(request.headers.origin, origination.of(request));
      return decision.allowed ? undefined : decision.message;
    },
    mayRead: (origin) => origins.isAllowed(origin),
    addressOf: (request) => origination.of(request).address,
    adapterFor: (namespace) => delivery.adapterFor(namespace),
    onServer: (server) => sessions.attach(server),
  });
}
