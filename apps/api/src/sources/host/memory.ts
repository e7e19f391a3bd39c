import type { MetricMetadata } from '../../model/batch.js';
import { counter, type Emit, fields, gauge, lines } from './emit.js';

const VMSTAT = /^(oom_kill|pgpg|pswp|pg.*fault)/;

/** `/proc/meminfo`, see proc_meminfo(5): kilobytes become bytes and the name says so; plain counts keep their name. */
export function collectMemory(meminfo: string, emit: Emit): void {
  for (const line of lines(meminfo)) {
    const [rawName, value, unit] = fields(line);
    const name = rawName.replace(/:$/, '').replace(/\((.*)\)/, '_$1');
    if (unit === 'kB') emit(`node_memory_${name}_bytes`, {}, Number(value) * 1024);
    else emit(`node_memory_${name}`, {}, Number(value));
  }
}

/** Total and free memory from the runtime, for systems without `/proc`. */
export function collectMemoryPortable(totalBytes: number, freeBytes: number, emit: Emit): void {
  emit('node_memory_MemTotal_bytes', {}, totalBytes);
  emit('node_memory_MemFree_bytes', {}, freeBytes);
  emit('node_memory_MemAvailable_bytes', {}, freeBytes);
}

/** `/proc/vmstat`: paging, swapping, faults and kills by the out-of-memory killer. */
export function collectVmstat(vmstat: string, emit: Emit): void {
  for (const line of lines(vmstat)) {
    const [name, value] = fields(line);
    if (VMSTAT.test(name)) emit(`node_vmstat_${name}`, {}, Number(value));
  }
}

/** Memory and vmstat names come from the kernel, so their metadata is made from the name. */
export function memoryMetadata(name: string): MetricMetadata | undefined {
  const vm = /^node_vmstat_(.+)$/.exec(name)?.[1];
  if (vm) return counter(`/proc/vmstat information field ${vm}.`);
  const field = /^node_memory_(.+?)(_bytes)?$/.exec(name);
  return field ? gauge(`Memory information field ${field[1]}${field[2] ?? ''}.`, field[2] ? 'bytes' : '') : undefined;
}
