import type { CpuInfo } from 'node:os';
import { counter, type Emit, fields, gauge, lines, type MetadataTable } from './emit.js';

/** Ticks per second that Linux reports times in to user space, on every architecture Node runs on. */
const USER_HZ = 100;
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

export const cpuMetadata: MetadataTable = {
  node_cpu_seconds_total: counter('Seconds the CPUs spent in each mode.', 'seconds'),
  node_cpu_guest_seconds_total: counter('Seconds the CPUs spent in guests (VMs) for each mode.', 'seconds'),
  node_intr_total: counter('Total number of interrupts serviced.'),
  node_context_switches_total: counter('Total number of context switches.'),
  node_forks_total: counter('Total number of forks.'),
  node_boot_time_seconds: gauge('Node boot time, in unixtime.', 'seconds'),
  node_procs_running: gauge('Number of processes in runnable state.'),
  node_procs_blocked: gauge('Number of processes blocked waiting for I/O to complete.'),
};

const SCALARS: Readonly<Record<string, string>> = {
  intr: 'node_intr_total',
  ctxt: 'node_context_switches_total',
  processes: 'node_forks_total',
  btime: 'node_boot_time_seconds',
  procs_running: 'node_procs_running',
  procs_blocked: 'node_procs_blocked',
};

/** `/proc/stat`, see proc_stat(5). */
export function collectCpu(stat: string, emit: Emit): void {
  for (const line of lines(stat)) {
    const [key, ...values] = fields(line);
    const cpu = /^cpu(\d+)$/.exec(key)?.[1];
    if (cpu === undefined) {
      const name = SCALARS[key];
      if (name) emit(name, {}, Number(values[0]));
      continue;
    }
    MODES.forEach((mode, i) => {
      if (values[i] !== undefined) emit('node_cpu_seconds_total', { cpu, mode }, Number(values[i]) / USER_HZ);
    });
    if (values[8] !== undefined)
      emit('node_cpu_guest_seconds_total', { cpu, mode: 'user' }, Number(values[8]) / USER_HZ);
    if (values[9] !== undefined)
      emit('node_cpu_guest_seconds_total', { cpu, mode: 'nice' }, Number(values[9]) / USER_HZ);
  }
}

/** The same from `os.cpus()`, for systems without `/proc`. */
export function collectCpuPortable(cpus: readonly CpuInfo[], emit: Emit): void {
  cpus.forEach(({ times }, index) => {
    const cpu = String(index);
    emit('node_cpu_seconds_total', { cpu, mode: 'user' }, times.user / 1000);
    emit('node_cpu_seconds_total', { cpu, mode: 'nice' }, times.nice / 1000);
    emit('node_cpu_seconds_total', { cpu, mode: 'system' }, times.sys / 1000);
    emit('node_cpu_seconds_total', { cpu, mode: 'idle' }, times.idle / 1000);
    emit('node_cpu_seconds_total', { cpu, mode: 'irq' }, times.irq / 1000);
  });
}
