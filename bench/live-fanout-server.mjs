/**
 * Sends 1 KB frames to 200 rooms once a second, in one of three ways: the stock adapter, this project's coalescing adapter, or
 * frames that are encoded beforehand and written raw, one write per client. Started by live.mjs.
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Server } from 'socket.io';
import { Adapter } from 'socket.io-adapter';
import { CoalescingAdapter } from '../apps/api/dist/gateways/socket/coalescing-adapter/coalescing-adapter.js';
import { textFrame } from '../apps/api/dist/gateways/socket/coalescing-adapter/text-frame.js';

const { mode, port, rooms } = JSON.parse(process.argv[2]);
const http = createServer();
const server = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  connectionStateRecovery: { maxDisconnectionDuration: 0 },
  adapter: function adapterOf(namespace) {
    if (mode !== 'coalescing' || namespace.name !== '/metrics') return new Adapter(namespace);
    const nothing = () => undefined;
    return new CoalescingAdapter(namespace, {
      monotonicMs: () => performance.now(),
      stallLimitMs: 60_000,
      onSent: nothing,
      onAcked: nothing,
      onGaps: nothing,
    });
  },
});
const namespace = server.of('/metrics');
namespace.on('connection', (socket) => {
  socket.on('join', async (names, done) => {
    await socket.join(names);
    socket.data.names = names;
    done?.({ ok: true });
  });
});

const changes = Array.from({ length: 45 }, (_, i) => [i, 1 / (i + 3)]).flat();
let offset = 0;
const frameOf = (room) => ({
  t: room,
  e: 'bench',
  o: offset,
  n: Date.now(),
  v: Date.now(),
  c: [[offset * 1000, 0, changes]],
});

function tick() {
  offset += 1;
  if (mode !== 'raw') {
    for (const room of rooms) namespace.to(room).emit('topic:frame', frameOf(room));
    return;
  }
  const buffers = new Map(
    rooms.map((room) => [room, textFrame(`2/metrics,${JSON.stringify(['topic:frame', frameOf(room)])}`)]),
  );
  for (const socket of namespace.sockets.values()) {
    if (!socket.data.names) continue;
    socket.conn.transport.socket._socket.write(Buffer.concat(socket.data.names.map((name) => buffers.get(name))));
  }
}

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let cpu = process.cpuUsage();
process.on('message', (message) => {
  if (message === 'stop') process.exit();
  if (message === 'start') {
    setInterval(tick, 1000);
    return;
  }
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  process.send({ cpuMs: (used.user + used.system) / 1000, blockedMs: delay.max / 1e6, rss: process.memoryUsage().rss });
  delay.reset();
});
http.listen(port, '127.0.0.1', () => process.send('ready'));
