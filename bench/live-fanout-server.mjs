/**
 * Sends 1 KB frames to rooms when it is told to, in one of four ways: the stock adapter, this project's coalescing adapter, the same
 * under a Nest gateway with the server's own sockets, or frames that are encoded beforehand and written raw, one write per
 * client. Started by live-fanout.mjs.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Server } from 'socket.io';
import { Adapter } from 'socket.io-adapter';
import { CoalescingAdapter } from '../apps/api/dist/gateways/socket/coalescing-adapter/coalescing-adapter.js';
import { OpsroomSocketAdapter } from '../apps/api/dist/gateways/socket/opsroom-socket.adapter.js';
import { SystemClock } from '../apps/api/dist/model/clock.js';
import { textFrame } from '../apps/api/dist/gateways/socket/coalescing-adapter/text-frame.js';

const { mode, port, rooms } = JSON.parse(process.argv[2]);
const coalescing = (namespace) =>
  new CoalescingAdapter(namespace, {
    monotonicMs: () => performance.now(),
    stallLimitMs: 60_000,
    onSent: () => undefined,
    onAcked: () => undefined,
    onGaps: () => undefined,
  });

async function join(socket, names) {
  await socket.join(names);
  socket.data.names = names;
  return { ok: true };
}

async function plain() {
  const http = createServer();
  const server = new Server(http, {
    transports: ['websocket'],
    perMessageDeflate: false,
    // As the server has them: pings cost something too.
    pingInterval: 5_000,
    pingTimeout: 5_000,
    connectionStateRecovery: { maxDisconnectionDuration: 0 },
    adapter: function adapterOf(namespace) {
      return mode === 'coalescing' && namespace.name === '/metrics' ? coalescing(namespace) : new Adapter(namespace);
    },
  });
  const metrics = server.of('/metrics');
  metrics.on('connection', (socket) => socket.on('join', async (names, done) => done(await join(socket, names))));
  await new Promise((resolve) => http.listen(port, '127.0.0.1', resolve));
  return metrics;
}

async function nested() {
  class Gateway {}
  WebSocketServer()(Gateway.prototype, 'namespace');
  WebSocketGateway({ namespace: '/metrics' })(Gateway);
  class Root {}
  Module({ providers: [Gateway] })(Root);
  const app = await NestFactory.create(Root, new FastifyAdapter(), { logger: ['error'] });
  app.useWebSocketAdapter(
    new OpsroomSocketAdapter(app, {
      config: { topics: { maxRequestsPerSecond: 1000 } },
      clock: new SystemClock(),
      accounts: { identify: async () => ({ name: 'bench', role: 'viewer', via: 'anonymous', credential: undefined }) },
      requests: { handlerOf: () => join },
      refuseHandshake: () => undefined,
      addressOf: () => '127.0.0.1',
      adapterFor: (namespace) => (namespace.name === '/metrics' ? coalescing(namespace) : new Adapter(namespace)),
    }),
  );
  await app.listen(port, '127.0.0.1');
  return app.get(Gateway).namespace;
}

const namespace = await (mode === 'nest' ? nested() : plain());

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
  if (message === 'tick') {
    tick();
    return void process.send('sent');
  }
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  process.send({ cpuMs: (used.user + used.system) / 1000, blockedMs: delay.max / 1e6, rss: process.memoryUsage().rss });
  delay.reset();
});
process.send('ready');
