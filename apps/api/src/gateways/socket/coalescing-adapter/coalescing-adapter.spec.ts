import type { MetricsDelta, Position } from '@opsroom/contracts';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as RawSocket } from 'node:net';
import { type Namespace, Server, type Socket as ServerSocket } from 'socket.io';
import { Adapter } from 'socket.io-adapter';
import { io, type Socket } from 'socket.io-client';
import { CoalescingAdapter } from './coalescing-adapter.js';

const delta = (topic: string, offset: number, filler = ''): MetricsDelta & { filler: string } => ({
  t: topic,
  e: 'e1',
  o: offset,
  n: 0,
  v: 0,
  c: [],
  filler,
});

/** Everything that a client receives, in order, in short: `topic offset` for frames, the event's name otherwise. */
function record(client: Socket): string[] {
  const received: string[] = [];
  client.onAny((event: string, payload: unknown) => {
    const frame = payload as Partial<MetricsDelta>;
    received.push(event === 'topic:frame' ? `${frame.t} ${frame.o}` : event);
  });
  return received;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 4_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come about');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the coalescing adapter', () => {
  let http: HttpServer;
  let server: Server;
  let namespace: Namespace;
  let adapter: CoalescingAdapter;
  let nowMs: number;
  let gaps: [string, Record<string, Position>][];
  const clients: Socket[] = [];

  beforeEach(async () => {
    nowMs = 0;
    gaps = [];
    http = createServer();
    server = new Server(http, {
      connectionStateRecovery: { maxDisconnectionDuration: 0 },
      adapter: function adapterOf(nsp: Namespace) {
        if (nsp.name !== '/metrics') return new Adapter(nsp);
        adapter = new CoalescingAdapter(nsp, {
          monotonicMs: () => nowMs,
          stallLimitMs: 60_000,
          onSent: () => undefined,
          onAcked: () => undefined,
          onGaps: (socket, missed) => gaps.push([socket.id, Object.fromEntries(missed)]),
        });
        return adapter;
      },
    });
    namespace = server.of('/metrics');
    namespace.on('connection', (socket) => {
      socket.on('join', (rooms: string[], done: () => void) => {
        void socket.join(rooms);
        done();
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await server.close();
  });

  async function connect(rooms: string[], options: object = {}): Promise<Socket> {
    const { port } = http.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}/metrics`, { forceNew: true, transports: ['websocket'], ...options });
    clients.push(client);
    await new Promise<void>((resolve, reject) => {
      client.on('connect', resolve);
      client.on('connect_error', reject);
    });
    await client.emitWithAck('join', rooms);
    return client;
  }

  const emit = (room: string, offset: number, filler?: string): void => {
    namespace.to(room).emit('topic:frame', delta(room, offset, filler));
  };
  const serverSide = (client: Socket): ServerSocket => namespace.sockets.get(client.id ?? '')!;
  const rawOf = (socket: ServerSocket): RawSocket =>
    (socket.conn as unknown as { transport: { socket: { _socket: RawSocket } } }).transport.socket._socket;

  it('gives each watcher the frames of its rooms, in order, in one write', async () => {
    const both = await connect(['a', 'b']);
    const one = await connect(['b']);
    const [bothReceived, oneReceived] = [record(both), record(one)];
    let writes = 0;
    const raw = rawOf(serverSide(both));
    const write = raw.write.bind(raw);
    raw.write = ((...args: Parameters<typeof write>) => {
      writes++;
      return write(...args);
    }) as typeof raw.write;
    emit('a', 1);
    emit('b', 1);
    emit('a', 2);
    await until(() => bothReceived.length === 3 && oneReceived.length === 1);
    expect(bothReceived).toEqual(['a 1', 'b 1', 'a 2']);
    expect(oneReceived).toEqual(['b 1']);
    expect(writes).toBe(1);
  });

  it('frames packets of any length and any characters as the client expects', async () => {
    const client = await connect(['a']);
    const fillers: string[] = [];
    client.on('topic:frame', (frame: { filler: string }) => fillers.push(frame.filler));
    const texts = ['', 'é'.repeat(40), 'x'.repeat(60), '\u{1f600}'.repeat(30_000), 'y'.repeat(70_000)];
    texts.forEach((text, i) => emit('a', i + 1, text));
    await until(() => fillers.length === texts.length);
    expect(fillers).toEqual(texts);
  });

  it('leaves out those that are excepted, and reaches a watcher of two rooms once', async () => {
    const inBoth = await connect(['a', 'b']);
    const inA = await connect(['a']);
    const [bothReceived, aReceived] = [record(inBoth), record(inA)];
    emit('a', 1);
    namespace.to('a').except('b').emit('topic:frame', delta('a', 2));
    namespace.to(['a', 'b']).emit('topic:frame', delta('a', 3));
    await until(() => aReceived.length === 3 && bothReceived.length === 2);
    expect(aReceived).toEqual(['a 1', 'a 2', 'a 3']);
    expect(bothReceived).toEqual(['a 1', 'a 3']);
  });

  it('keeps other events, replies and snapshots in order with the frames', async () => {
    const client = await connect(['a']);
    const received = record(client);
    const socket = serverSide(client);
    emit('a', 1);
    namespace.to('a').emit('topic:closed', { topic: 'a' });
    socket.emit('topic:frame', { kind: 'snapshot', t: 'a', o: 'snapshot', times: new Uint8Array(100_000).buffer });
    emit('a', 2);
    const reply = client.emitWithAck('join', ['c']);
    await until(() => received.length === 4);
    await reply;
    expect(received).toEqual(['a 1', 'topic:closed', 'a snapshot', 'a 2']);
  });

  it('reaches a watcher that polls', async () => {
    const client = await connect(['a', 'b'], { transports: ['polling'] });
    const received = record(client);
    for (let i = 1; i <= 3; i++) {
      emit('a', i);
      emit('b', i);
      await until(() => received.length === 2 * i);
    }
    expect(received).toEqual(['a 1', 'b 1', 'a 2', 'b 2', 'a 3', 'b 3']);
  });

  it('loses and doubles nothing while a watcher goes over from polling to websocket', async () => {
    const client = await connect(['a'], { transports: ['polling', 'websocket'] });
    const offsets: number[] = [];
    client.on('topic:frame', (frame: MetricsDelta) => offsets.push(frame.o));
    let offset = 0;
    while (client.io.engine.transport.name !== 'websocket' || offset < 50) {
      emit('a', ++offset);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // A gap is no loss: it is told, with the position that the watcher has.
    await until(() => offsets.at(-1) === offset || gaps.length > 0);
    const missed = gaps[0]?.[1].a;
    const through = missed ? missed.offset : offset;
    expect(offsets.slice(0, through)).toEqual(Array.from({ length: through }, (_, i) => i + 1));
  });

  it('goes on for the others when one disconnects in mid-flush', async () => {
    const watchers = await Promise.all(Array.from({ length: 100 }, () => connect(['a'])));
    const received = watchers.map(record);
    emit('a', 1);
    // The first slice is written in this turn, the second only in the next one.
    setImmediate(() => {
      namespace.sockets.get(watchers[80].id ?? '')?.disconnect(true);
      rawOf(serverSide(watchers[90])).destroy();
    });
    const others = received.filter((_, i) => i !== 80 && i !== 90);
    await until(() => others.every((list) => list.includes('a 1')));
    emit('a', 2);
    await until(() => others.every((list) => list.includes('a 2')));
    expect(others.every((list) => list.join() === 'a 1,a 2')).toBe(true);
  });

  describe('with a watcher that stops reading', () => {
    let slow: Socket;
    let raw: RawSocket;

    beforeEach(async () => {
      slow = await connect(['a', 'b']);
      raw = (slow.io.engine as unknown as { transport: { ws: { _socket: RawSocket } } }).transport.ws._socket;
    });

    it('bounds what waits for it, and tells from where each room is missing when it reads again', async () => {
      const offsets: Record<string, number[]> = { a: [], b: [] };
      slow.on('topic:frame', (frame: MetricsDelta) => offsets[frame.t].push(frame.o));
      const serverRaw = rawOf(serverSide(slow));
      raw.pause();
      const filler = 'z'.repeat(100_000);
      let offset = 0;
      while (offset < 300) {
        emit('a', ++offset, filler);
        emit('b', offset);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(serverRaw.writableLength).toBeLessThan(600_000);
      raw.resume();
      await until(() => gaps.length === 1);
      const [, missed] = gaps[0];
      await until(() => ['a', 'b'].every((room) => offsets[room].length >= missed[room].offset));
      expect(missed.a).toEqual({ epoch: 'e1', offset: offsets.a.at(-1) });
      expect(missed.b).toEqual({ epoch: 'e1', offset: offsets.b.at(-1) });
      expect(offsets.a).toEqual(offsets.a.map((_, i) => i + 1));

      // What follows is skipped until the gap is mended, which happens in order.
      emit('a', ++offset);
      adapter.send(slow.id ?? '', 'a', { ...delta('a', offset), b: missed.a.offset });
      emit('a', ++offset);
      await until(() => offsets.a.at(-1) === offset);
      expect(offsets.a.slice(-2)).toEqual([offset - 1, offset]);
    });

    it('does not hold up the others', async () => {
      const other = await connect(['a']);
      const received = record(other);
      raw.pause();
      for (let offset = 1; offset <= 100; offset++) {
        emit('a', offset, 'z'.repeat(100_000));
        await until(() => received.length === offset);
      }
      expect(received.at(-1)).toBe('a 100');
      raw.resume();
    });

    it('cuts it after the limit', async () => {
      const socket = serverSide(slow);
      raw.pause();
      let offset = 0;
      while (socket.connected && offset < 500) {
        nowMs += 1_000;
        emit('a', ++offset, 'z'.repeat(100_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(socket.connected).toBe(false);
      raw.resume();
    });
  });

  describe('with a watcher that has opted in to credit', () => {
    it('sends three bundles without an answer, then waits for one', async () => {
      const client = await connect(['a'], { auth: { credit: true } });
      const received = record(client);
      for (let offset = 1; offset <= 6; offset++) {
        emit('a', offset);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(received).toEqual(['a 1', 'bundle:end', 'a 2', 'bundle:end', 'a 3', 'bundle:end']);
      client.emit('bundle:done', 3);
      await until(() => gaps.length === 1);
      expect(gaps[0][1]).toEqual({ a: { epoch: 'e1', offset: 3 } });
    });

    it('never lacks a frame while it answers', async () => {
      const client = await connect(['a'], { auth: { credit: true } });
      const received = record(client);
      client.on('bundle:end', (sequence: number) => client.emit('bundle:done', sequence));
      for (let offset = 1; offset <= 20; offset++) {
        emit('a', offset);
        await until(() => received.includes(`a ${offset}`));
      }
      expect(received.filter((entry) => entry.startsWith('a')).length).toBe(20);
      expect(gaps).toEqual([]);
    });

    it('is not fooled by answers to what was never sent', async () => {
      const client = await connect(['a'], { auth: { credit: true } });
      const received = record(client);
      for (const wrong of [99, -1, NaN, '3', null]) client.emit('bundle:done', wrong);
      await client.emitWithAck('join', ['b']);
      for (let offset = 1; offset <= 5; offset++) {
        emit('a', offset);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(received.filter((entry) => entry === 'bundle:end').length).toBe(3);
    });
  });

  it('does not fit a server without what it builds upon', () => {
    expect(CoalescingAdapter.fits(namespace)).toBe(true);
    const bare = new Server();
    expect(CoalescingAdapter.fits(bare.of('/metrics'))).toBe(false);
  });
});
