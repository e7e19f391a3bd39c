import { counter, type Emit, fields, gauge, lines, type MetadataTable } from './emit.js';

/** Partitions, loop devices, RAM disks and floppies say nothing that their whole disk does not. */
const IGNORED = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]+\d+$|nvme\d+n\d+p\d+$|mmcblk\d+p\d+$)/;
/** The kernel counts disk traffic in sectors of this size, whatever the device's own. */
const SECTOR_BYTES = 512;
const MS = 1 / 1000;

/** Fields of `/proc/diskstats` behind the device name, in order, with the factor that turns them into the metric's unit. */
const FIELDS: readonly (readonly [name: string, factor: number])[] = [
  ['node_disk_reads_completed_total', 1],
  ['node_disk_reads_merged_total', 1],
  ['node_disk_read_bytes_total', SECTOR_BYTES],
  ['node_disk_read_time_seconds_total', MS],
  ['node_disk_writes_completed_total', 1],
  ['node_disk_writes_merged_total', 1],
  ['node_disk_written_bytes_total', SECTOR_BYTES],
  ['node_disk_write_time_seconds_total', MS],
  ['node_disk_io_now', 1],
  ['node_disk_io_time_seconds_total', MS],
  ['node_disk_io_time_weighted_seconds_total', MS],
  ['node_disk_discards_completed_total', 1],
  ['node_disk_discards_merged_total', 1],
  ['node_disk_discarded_sectors_total', 1],
  ['node_disk_discard_time_seconds_total', MS],
  ['node_disk_flush_requests_total', 1],
  ['node_disk_flush_requests_time_seconds_total', MS],
];

export const diskMetadata: MetadataTable = {
  node_disk_reads_completed_total: counter('The total number of reads completed successfully.'),
  node_disk_reads_merged_total: counter('The total number of reads merged.'),
  node_disk_read_bytes_total: counter('The total number of bytes read successfully.', 'bytes'),
  node_disk_read_time_seconds_total: counter('The total number of seconds spent by all reads.', 'seconds'),
  node_disk_writes_completed_total: counter('The total number of writes completed successfully.'),
  node_disk_writes_merged_total: counter('The number of writes merged.'),
  node_disk_written_bytes_total: counter('The total number of bytes written successfully.', 'bytes'),
  node_disk_write_time_seconds_total: counter('The total number of seconds spent by all writes.', 'seconds'),
  node_disk_io_now: gauge('The number of I/Os currently in progress.'),
  node_disk_io_time_seconds_total: counter('Total seconds spent doing I/Os.', 'seconds'),
  node_disk_io_time_weighted_seconds_total: counter('The weighted number of seconds spent doing I/Os.', 'seconds'),
  node_disk_discards_completed_total: counter('The total number of discards completed successfully.'),
  node_disk_discards_merged_total: counter('The total number of discards merged.'),
  node_disk_discarded_sectors_total: counter('The total number of sectors discarded successfully.'),
  node_disk_discard_time_seconds_total: counter('The total number of seconds spent by all discards.', 'seconds'),
  node_disk_flush_requests_total: counter('The total number of flush requests completed successfully.'),
  node_disk_flush_requests_time_seconds_total: counter(
    'The total number of seconds spent by all flush requests.',
    'seconds',
  ),
};

/** `/proc/diskstats`, see the kernel's admin-guide/iostats. Older kernels have fewer fields; those metrics are absent. */
export function collectDisk(diskstats: string, emit: Emit): void {
  for (const line of lines(diskstats)) {
    const [, , device, ...values] = fields(line);
    if (IGNORED.test(device)) continue;
    FIELDS.forEach(([name, factor], i) => {
      if (values[i] !== undefined) emit(name, { device }, Number(values[i]) * factor);
    });
  }
}
