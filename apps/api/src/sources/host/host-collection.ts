import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import type { MetricMetadata } from '../../model/batch.js';
import { collectCpu, collectCpuPortable, cpuMetadata } from './cpu.js';
import { collectDisk, diskMetadata } from './disk.js';
import type { Emit, ReadText } from './emit.js';
import { emitFilesystem, filesystemMetadata, type FilesystemStat, type Mount, parseMounts } from './filesystem.js';
import { collectKernelLimits, collectLoad, collectOsRelease, collectPressure, kernelMetadata } from './kernel.js';
import { collectMemory, collectMemoryPortable, collectVmstat, memoryMetadata } from './memory.js';
import {
  collectConntrack,
  collectNetstat,
  collectNetwork,
  collectSnmp6,
  collectSockstat,
  netstatMetadata,
  networkMetadata,
} from './network.js';

const PAGE_BYTES = 4096;
const tables = { ...cpuMetadata, ...diskMetadata, ...networkMetadata, ...filesystemMetadata, ...kernelMetadata };

/** Reads a file of the kernel; undefined where it does not exist or may not be read. */
export const readKernelText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Everything but file systems: reads of memory that never block for long. */
export function collectKernel(read: ReadText, nowMs: number, emit: Emit): void {
  const from = (path: string, collect: (text: string) => void, otherwise?: () => void): void => {
    const text = read(path);
    if (text !== undefined) collect(text);
    else otherwise?.();
  };
  from(
    '/proc/stat',
    (t) => collectCpu(t, emit),
    () => {
      collectCpuPortable(os.cpus(), emit);
      emit('node_boot_time_seconds', {}, Math.round(nowMs / 1000 - os.uptime()));
    },
  );
  from(
    '/proc/meminfo',
    (t) => collectMemory(t, emit),
    () => collectMemoryPortable(os.totalmem(), os.freemem(), emit),
  );
  from('/proc/vmstat', (t) => collectVmstat(t, emit));
  from('/proc/diskstats', (t) => collectDisk(t, emit));
  from('/proc/net/dev', (t) => collectNetwork(t, read, emit));
  from('/proc/net/netstat', (t) => collectNetstat(t, emit));
  from('/proc/net/snmp', (t) => collectNetstat(t, emit));
  from('/proc/net/snmp6', (t) => collectSnmp6(t, emit));
  from('/proc/net/sockstat', (t) => collectSockstat(t, PAGE_BYTES, emit));
  from('/etc/os-release', (t) => collectOsRelease(t, emit));
  collectConntrack(read, emit);
  collectPressure(read, emit);
  collectKernelLimits(read, emit);
  collectLoad(os.loadavg(), emit);
  emit('node_time_seconds', {}, nowMs / 1000);
  emit(
    'node_uname_info',
    {
      sysname: os.type(),
      release: os.release(),
      version: os.version(),
      machine: os.machine(),
      nodename: os.hostname(),
      domainname: read('/proc/sys/kernel/domainname')?.trim() ?? '(none)',
    },
    1,
  );
}

/**
 * Statistics of all file systems. Each is asked on its own, and one that has not answered by the next round (a network file system
 * that hangs) is not asked again until it has: it counts as failed meanwhile and holds up nobody.
 */
export class Filesystems {
  private readonly unanswered = new Set<string>();
  private mounts: readonly Mount[] = [];
  private readonly statistics = new Map<string, FilesystemStat | undefined>();

  /** Starts a round over the mounts of `/proc/self/mounts`; its answers show in later calls of `emit`. */
  refresh(mountsText: string): void {
    this.mounts = parseMounts(mountsText);
    const mounted = new Set(this.mounts.map((mount) => mount.mountpoint));
    for (const path of this.statistics.keys()) if (!mounted.has(path)) this.statistics.delete(path);
    for (const path of mounted) {
      if (this.unanswered.has(path)) this.statistics.set(path, undefined);
      else void this.ask(path);
    }
  }

  /** File systems without blocks (pseudo ones) are left out, and so are those that were never answered for. */
  emit(emit: Emit): void {
    for (const mount of this.mounts) {
      if (!this.statistics.has(mount.mountpoint)) continue;
      const stat = this.statistics.get(mount.mountpoint);
      if (!stat || stat.blocks > 0) emitFilesystem(mount, stat, emit);
    }
  }

  private async ask(path: string): Promise<void> {
    this.unanswered.add(path);
    try {
      this.statistics.set(path, await statfs(path));
    } catch {
      this.statistics.set(path, undefined);
    } finally {
      this.unanswered.delete(path);
    }
  }
}

/** Metadata of one of this source's metrics. */
export function hostMetadata(name: string): MetricMetadata | undefined {
  return tables[name] ?? memoryMetadata(name) ?? netstatMetadata(name);
}
