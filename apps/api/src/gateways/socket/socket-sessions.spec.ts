import { Subject } from 'rxjs';
import type { AccountsService } from '../../accounts/accounts.service.js';
import type { SessionEnded } from '../../accounts/session-ends.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { SocketSessions } from './socket-sessions.js';
import { administrator, SocketBench } from './sockets.fixture.js';

@NamespaceGateway('/alerts')
class SilentGateway {}

describe('when a session ends', () => {
  it('its sockets are cut, and those of others stay', async () => {
    const ended = new Subject<SessionEnded>();
    const sessions = new SocketSessions({
      sessionEnded$: ended,
      keepWhileLive: () => undefined,
    } as Partial<AccountsService> as AccountsService);
    sessions.onModuleInit();
    const bench = await SocketBench.start(
      { providers: [SilentGateway] },
      {
        dependencies: {
          accounts: {
            identify: ({ authorization }) =>
              Promise.resolve({ ...administrator, credential: authorization?.slice('Bearer '.length) ?? '' }),
          },
          onServer: (server) => sessions.attach(server),
        },
      },
    );
    const ana = await bench.connected('/alerts', { auth: { token: 'session 1' } });
    const ben = await bench.connected('/alerts', { auth: { token: 'session 2' } });
    const cut = new Promise((resolve) => ana.on('disconnect', resolve));
    ended.next({ credential: 'session 1', reason: 'logout' });
    expect(await cut).toBe('io server disconnect');
    expect(ben.connected).toBe(true);
    sessions.onModuleDestroy();
    await bench.close();
  });
});
