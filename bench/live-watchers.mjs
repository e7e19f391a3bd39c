/**
 * Many watchers in one process, as light as can be: they speak Socket.IO's packets over plain websockets and read only the head
 * of each frame. Started by live-kit.mjs with its task as JSON; answers 'report' with what was received since the last
 * time. 'stall' stops all reading, 'resume' goes on.
 */
import WebSocket from 'ws';

const task = JSON.parse(process.argv[2]);
const latencies = [];
let frames = 0;
let bytes = 0;
let snapshots = 0;
let broken = 0;
let refused = 0;
let resumedMs = 0;
/** Per watcher: frames since 'resume' whose samples were old by then. */
const stale = new Map();
/** Samples come once a second: older than this is not what is new. */
const STALE_MS = 2000;

const FRAME = Buffer.from('42/metrics,["topic:frame"');

function watcher(index) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${task.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    const topics = Array.from(
      { length: task.topicsEach },
      (_, i) => task.topics[(index * 7 + i * 11) % task.topics.length],
    );
    const offsets = new Map();
    let answered = 0;
    socket.on('error', reject);
    socket.on('close', () => (broken += 1));
    socket.on('message', (data, isBinary) => {
      if (isBinary) return;
      if (data[0] === 0x32) return socket.send('3');
      if (data.length > FRAME.length && data.compare(FRAME, 0, FRAME.length, 0, FRAME.length) === 0) {
        frames += 1;
        bytes += data.length;
        look(data, offsets, socket);
        return;
      }
      const text = data.toString();
      if (task.namespaces) {
        if (text[0] === '0') for (const name of task.namespaces) socket.send(`40${name},`);
        else if (text.startsWith('40') && (answered += 1) === task.namespaces.length) resolve(socket);
        return;
      }
      if (text[0] === '0') return socket.send(`40/metrics,${JSON.stringify(task.credit ? { credit: true } : {})}`);
      if (text.startsWith('40/metrics,')) {
        if (task.join) socket.send(`42/metrics,0${JSON.stringify([task.join, topics])}`);
        else topics.forEach((topic, i) => socket.send(`42/metrics,${i}${JSON.stringify(['topic:subscribe', topic])}`));
        return;
      }
      if (text.startsWith('43/metrics,')) {
        if (text.includes('"ok":false')) refused += 1;
        answered += 1;
        if (task.join || answered === topics.length) resolve(socket);
        return;
      }
      if (text.startsWith('42/metrics,["bundle:end"')) return socket.send(text.replace('end', 'done'));
      if (text.startsWith('45')) {
        snapshots += 1;
        begin(text, offsets);
      }
    });
  });
}

const HEAD = /"t":"([^"]+)","e":"([^"]+)","o":(\d+)(?:,"b":(\d+))?,"n":(\d+)/;

/** A frame's newest sample is late by its way here, but only the first frame that carries it tells. */
function look(data, seen, socket) {
  const head = HEAD.exec(data.toString('latin1', FRAME.length, FRAME.length + 160));
  if (!head) return void (broken += 1);
  const [, topic, epoch, offset, base = offset - 1, newest] = head;
  const before = seen.get(topic);
  if (before?.epoch === epoch && Number(base) > before.offset) broken += 1;
  if (newest > (before?.newest ?? 0)) latencies.push(Date.now() - newest);
  if (resumedMs > 0 && newest < resumedMs - STALE_MS) stale.set(socket, (stale.get(socket) ?? 0) + 1);
  seen.set(topic, { epoch, offset: Number(offset), newest: Number(newest) });
}

/** A snapshot stands for everything before it. */
function begin(text, seen) {
  const [, topic, epoch, offset] = /"topic":"([^"]+)","position":{"epoch":"([^"]+)","offset":(\d+)/.exec(text) ?? [];
  seen.set(topic, { epoch, offset: Number(offset), newest: seen.get(topic)?.newest ?? Date.now() });
}

const startedMs = performance.now();
const sockets = [];
for (let i = 0; i < task.watchers; i += 20) {
  sockets.push(
    ...(await Promise.all(Array.from({ length: Math.min(20, task.watchers - i) }, (_, k) => watcher(i + k)))),
  );
}
const connectedMs = performance.now() - startedMs;

process.on('message', (message) => {
  if (message === 'stop') process.exit();
  if (message === 'stall') for (const socket of sockets) socket.pause();
  if (message === 'resume') {
    resumedMs = Date.now();
    stale.clear();
    for (const socket of sockets) socket.resume();
  }
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  process.send({
    frames,
    bytes,
    snapshots,
    broken,
    refused,
    connectedMs,
    stale: Math.max(0, ...stale.values()),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  });
  frames = bytes = snapshots = 0;
  latencies.length = 0;
});
process.send('ready');
