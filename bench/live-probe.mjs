/** Loaded into a server that is measured (`--import`): answers 'report' with what it has used since the last time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
let cpu = process.cpuUsage();
process.on('message', (message) => {
  if (message !== 'report') return;
  const used = process.cpuUsage(cpu);
  const blockedMs = delay.max / 1e6 - 2;
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ cpuMs: (used.user + used.system) / 1000, blockedMs, bytes: heapUsed + external, rss });
  cpu = process.cpuUsage();
  // What collecting took is noticed at the next turns of the timer, and is not the server's.
  setTimeout(() => delay.reset(), 100);
});
process.channel.unref();
