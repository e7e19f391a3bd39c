// People who act: an administrator, a responder, a viewer; each with a browser session and, where needed, an API token.
import { io } from 'socket.io-client';

const PASSWORD = 'correct horse battery staple';

async function post(url, path, body, cookie = '') {
  const headers = { 'content-type': 'application/json', cookie, origin: url };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
const cookieOf = (answer) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');

/** Sets the server up and gives everybody's cookies, by name. */
export async function enterEverybody(server) {
  const { url } = server;
  const ana = cookieOf(
    await post(url, '/api/opsroom/setup', { token: server.setupToken(), name: 'ana', password: PASSWORD }),
  );
  const roles = { ben: 'responder', chiara: 'responder', 'dimitri.papadopoulos': 'responder', eve: 'viewer' };
  for (const [name, role] of Object.entries(roles))
    await post(url, '/api/opsroom/accounts', { name, password: PASSWORD, role }, ana);
  const ben = cookieOf(await post(url, '/api/opsroom/login', { name: 'ben', password: PASSWORD }));
  const eve = cookieOf(await post(url, '/api/opsroom/login', { name: 'eve', password: PASSWORD }));
  const made = await post(url, '/api/opsroom/tokens', { name: 'prometheus-fra-1', role: 'responder' }, ana);
  return { ana, ben, eve, token: (await made.json()).secret };
}

/** One person's requests: `ask(namespace, event, input)`. */
export function person(url, cookie) {
  const sockets = new Map();
  const socketOf = (namespace) => {
    const known = sockets.get(namespace);
    if (known) return known;
    const socket = io(`${url}${namespace}`, {
      transports: ['websocket'],
      extraHeaders: { cookie, origin: url },
      forceNew: true,
    });
    sockets.set(namespace, socket);
    return socket;
  };
  return {
    async ask(namespace, event, input) {
      const reply = await socketOf(namespace).timeout(10_000).emitWithAck(event, input);
      if (!reply.ok) throw new Error(`${event}: ${JSON.stringify(reply)}`);
      return reply.data ?? reply;
    },
    close: () => sockets.forEach((socket) => socket.close()),
  };
}

export async function sendAlerts(url, token, alerts) {
  for (let at = 0; at < alerts.length; at += 500) {
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(alerts.slice(at, at + 500)),
    });
    if (!answer.ok) throw new Error(`alerts: ${answer.status} ${await answer.text()}`);
  }
}
