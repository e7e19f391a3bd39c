import type { Socket } from 'socket.io-client';
import type { Identified } from '../../accounts/accounts.service.js';
import { Refusal } from '../../model/refusal.js';
import { ContractCheck, contractProblems } from './contract-check.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { handledRequests, on } from './on.js';
import type { OpsroomSocket } from './socket-types.js';
import { ask, SocketBench } from './sockets.fixture.js';

@NamespaceGateway('/rooms')
class TestGateway {
  @on('/rooms', 'room:join')
  join(socket: OpsroomSocket<'/rooms'>, { alert }: { alert: string }) {
    return { alert: null, notes: [], history: [], present: [socket.data.identity.name, alert] };
  }

  @on('/rooms', 'room:leave')
  leave(): void {}

  @on('/rooms', 'note:add', { needs: 'responder' })
  async note(socket: OpsroomSocket<'/rooms'>, input: { text: string; alert: string }) {
    const note = {
      id: 1,
      fingerprint: input.alert,
      by: socket.data.identity.name,
      atMs: 0,
      text: input.text,
      mentions: [],
    };
    return Promise.resolve({ note });
  }

  @on('/rooms', 'typing:start')
  typing(): void {
    throw new Refusal('conflict', 'ben was first', { winner: 'ben' });
  }

  @on('/rooms', 'typing:stop')
  stopTyping(): void {
    throw new TypeError('a defect');
  }
}

/** Only for the types: each expected error is one that the contract must refuse. */
export class WrongGateway {
  // @ts-expect-error the namespace has no such request
  @on('/rooms', 'room:paint')
  unknown(): void {}

  // @ts-expect-error the contract's input has no `colour`
  @on('/rooms', 'room:leave')
  input(_socket: OpsroomSocket<'/rooms'>, _input: { colour: number }): void {}

  // @ts-expect-error the reply lacks the note
  @on('/rooms', 'note:add')
  output(): { text: string } {
    return { text: '' };
  }
}

const alert = '0123456789abcdef';

describe('a gateway', () => {
  let bench: SocketBench;
  let identity: Identified | null;

  beforeEach(async () => {
    identity = { name: 'ana', role: 'responder', via: 'session', credential: '' };
    bench = await SocketBench.start(
      { providers: [TestGateway] },
      {
        dependencies: { accounts: { identify: () => Promise.resolve(identity) } },
        config: { topics: { maxRequestsPerSecond: 5 } },
      },
    );
  });
  afterEach(() => bench.close());

  it('answers a request with what its handler returns', async () => {
    const client = await bench.connected('/rooms');
    expect(await ask(client, 'room:join', { alert })).toEqual({
      ok: true,
      alert: null,
      notes: [],
      history: [],
      present: ['ana', alert],
    });
    expect(await ask(client, 'room:leave', { alert })).toEqual({ ok: true });
  });

  it('handles a request whose sender wants no answer', async () => {
    const client = await bench.connected('/rooms');
    client.emit('room:leave', { alert }, undefined as never);
    expect(await ask(client, 'room:leave', { alert })).toEqual({ ok: true });
  });

  it('takes an ack without an input for a request without input', async () => {
    const client = await bench.connected('/rooms');
    const untyped = client as unknown as Socket;
    const reply = await untyped.timeout(5_000).emitWithAck('room:leave');
    expect(reply).toMatchObject({ ok: false, error: { code: 'bad_request' } });
  });

  it('refuses an input of the wrong shape and says where it is wrong', async () => {
    const client = await bench.connected('/rooms');
    const reply = await ask(client, 'room:join', { alert: 7 } as never);
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringContaining('alert') },
    });
  });

  it('refuses a request that needs a higher role', async () => {
    const client = await bench.connected('/rooms');
    const request = { alert, text: 'disk is full', requestId: '1' };
    expect(await ask(client, 'note:add', request)).toMatchObject({ ok: true, note: { by: 'ana' } });
    identity = { name: 'eve', role: 'viewer', via: 'session', credential: '' };
    const viewer = await bench.connected('/rooms');
    expect(await ask(viewer, 'note:add', request)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  it('answers with the error of a refusal and hides that of a defect', async () => {
    const client = await bench.connected('/rooms');
    expect(await ask(client, 'typing:start', { alert })).toEqual({
      ok: false,
      error: { code: 'conflict', message: 'ben was first', winner: 'ben' },
    });
    const reply = await ask(client, 'typing:stop', { alert });
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(reply)).not.toContain('a defect');
  });

  it('answers a request that no gateway knows', async () => {
    const client = await bench.connected('/rooms');
    const reply = await ask(client, 'room:paint' as never, {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'bad_request' } });
  });

  it('refuses what comes faster than the limit, in the reply', async () => {
    const client = await bench.connected('/rooms');
    const replies = await Promise.all(Array.from({ length: 15 }, () => ask(client, 'room:leave', { alert })));
    expect(replies.slice(0, 10).every((reply) => reply.ok)).toBe(true);
    expect(replies[14]).toMatchObject({
      ok: false,
      error: { code: 'too_many_requests', retryAfterMs: expect.any(Number) },
    });
  });

  it('lets nobody in without an identity', async () => {
    identity = null;
    const refused = bench.connected('/rooms');
    await expect(refused).rejects.toMatchObject({ data: { code: 'unauthenticated' } });
  });

  it('has nothing behind the root namespace', async () => {
    const client = bench.client('/' as '/rooms');
    const error = await new Promise((resolve) => client.on('connect_error' as never, resolve as never));
    expect(error).toMatchObject({ data: { code: 'not_found' } });
  });
});

describe('the contract check', () => {
  it('stops the start when a request has no handler', async () => {
    const start = SocketBench.start({ providers: [TestGateway, ContractCheck] });
    await expect(start).rejects.toThrow('/metrics topic:subscribe has no handler');
  });

  it('names a request with two handlers', () => {
    const handled = handledRequests(TestGateway.prototype);
    expect(contractProblems([...handled, ...handled])).toContain('/rooms room:join has 2 handlers');
  });
});
