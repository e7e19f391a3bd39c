import { type Emit, counter, fields, gauge, lines, type MetadataTable, type ReadText } from './emit.js';

export const kernelMetadata: MetadataTable = {
  node_load1: gauge('1m load average.'),
  node_load5: gauge('5m load average.'),
  node_load15: gauge('15m load average.'),
  node_uname_info: gauge('Labeled system information as provided by the uname system call.'),
  node_time_seconds: gauge('System time in seconds since epoch (1970).', 'seconds'),
  node_filefd_allocated: gauge('File descriptor statistics: allocated.'),
  node_filefd_maximum: gauge('File descriptor statistics: maximum.'),
  node_entropy_available_bits: gauge('Bits of available entropy.'),
  node_entropy_pool_size_bits: gauge('Bits of entropy pool.'),
  node_pressure_cpu_waiting_seconds_total: counter(
    'Total time in seconds that processes have waited for CPU time.',
    'seconds',
  ),
  node_pressure_io_waiting_seconds_total: counter(
    'Total time in seconds that processes have waited due to IO congestion.',
    'seconds',
  ),
  node_pressure_io_stalled_seconds_total: counter(
    'Total time in seconds no process could make progress due to IO congestion.',
    'seconds',
  ),
  node_pressure_memory_waiting_seconds_total: counter(
    'Total time in seconds that processes have waited for memory.',
    'seconds',
  ),
  node_pressure_memory_stalled_seconds_total: counter(
    'Total time in seconds no process could make progress due to memory congestion.',
    'seconds',
  ),
  node_os_info: gauge('Labels from the system’s os-release file; always 1.'),
};

export function collectLoad(averages: readonly number[], emit: Emit): void {
  emit('node_load1', {}, averages[0]);
  emit('node_load5', {}, averages[1]);
  emit('node_load15', {}, averages[2]);
}

/** `/proc/pressure/<resource>` (PSI, microseconds): `some` is waiting, `full` is stalled. The kernel's `full` of cpu says nothing. */
export function collectPressure(read: ReadText, emit: Emit): void {
  for (const resource of ['cpu', 'io', 'memory']) {
    const text = read(`/proc/pressure/${resource}`);
    if (text === undefined) continue;
    for (const line of lines(text)) {
      const micros = /total=(\d+)/.exec(line)?.[1];
      if (micros === undefined) continue;
      const seconds = Number(micros) / 1e6;
      if (line.startsWith('some')) emit(`node_pressure_${resource}_waiting_seconds_total`, {}, seconds);
      else if (resource !== 'cpu') emit(`node_pressure_${resource}_stalled_seconds_total`, {}, seconds);
    }
  }
}

/** File descriptors and entropy, from `/proc/sys`. */
export function collectKernelLimits(read: ReadText, emit: Emit): void {
  const files = read('/proc/sys/fs/file-nr');
  if (files) {
    const [allocated, , maximum] = fields(files);
    emit('node_filefd_allocated', {}, Number(allocated));
    emit('node_filefd_maximum', {}, Number(maximum));
  }
  const available = read('/proc/sys/kernel/random/entropy_avail');
  if (available) emit('node_entropy_available_bits', {}, Number(available));
  const pool = read('/proc/sys/kernel/random/poolsize');
  if (pool) emit('node_entropy_pool_size_bits', {}, Number(pool));
}

/** `os-release`(5): the distribution's names as labels. */
export function collectOsRelease(text: string, emit: Emit): void {
  const values = new Map<string, string>();
  for (const line of lines(text)) {
    const match = /^([A-Z_]+)=(?:"(.*)"|(.*))$/.exec(line);
    if (match) values.set(match[1], match[2] ?? match[3]);
  }
  const pick = (key: string): string => values.get(key) ?? '';
  emit(
    'node_os_info',
    {
      id: pick('ID'),
      name: pick('NAME'),
      pretty_name: pick('PRETTY_NAME'),
      version: pick('VERSION'),
      version_id: pick('VERSION_ID'),
    },
    1,
  );
}
