/** Socket.IO with namespaces and nothing on them: the control for idle connections. Started by live-idle.mjs. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const { port, namespaces } = JSON.parse(process.argv[2]);
const http = createServer();
const server = new Server(http, { serveClient: false });
for (const name of namespaces) server.of(name).on('connection', () => undefined);
http.listen(port, '127.0.0.1', () => process.send('ready'));
