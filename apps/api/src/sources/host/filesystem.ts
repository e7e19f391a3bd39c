import { type Emit, fields, gauge, lines, type MetadataTable } from './emit.js';

/** What node_exporter leaves out by default: the kernel's own trees and pseudo file systems. */
const IGNORED_MOUNTS =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
const IGNORED_TYPES =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$/;

export const filesystemMetadata: MetadataTable = {
  node_filesystem_size_bytes: gauge('Filesystem size in bytes.', 'bytes'),
  node_filesystem_free_bytes: gauge('Filesystem free space in bytes.', 'bytes'),
  node_filesystem_avail_bytes: gauge('Filesystem space available to non-root users in bytes.', 'bytes'),
  node_filesystem_files: gauge('Filesystem total file nodes.'),
  node_filesystem_files_free: gauge('Filesystem total free file nodes.'),
  node_filesystem_readonly: gauge('Filesystem read-only status.'),
  node_filesystem_device_error: gauge('Whether an error occurred while getting statistics for the given device.'),
};

export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readOnly: boolean;
}

/** What `statfs` gives; blocks are of `bsize` bytes. */
export interface FilesystemStat {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** `/proc/self/mounts`, see fstab(5): octal escapes for white space; a mount point that is listed twice counts once, the last. */
export function parseMounts(text: string): Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of lines(text)) {
    const [device, mountpoint, fstype, options] = fields(line).map(unescapeOctal);
    if (IGNORED_MOUNTS.test(mountpoint) || IGNORED_TYPES.test(fstype)) continue;
    mounts.set(mountpoint, { device, mountpoint, fstype, readOnly: options.split(',').includes('ro') });
  }
  return [...mounts.values()];
}

/** One file system; `stat` is undefined where it did not answer (a network file system that hangs, no permission). */
export function emitFilesystem(mount: Mount, stat: FilesystemStat | undefined, emit: Emit): void {
  const { device, mountpoint, fstype } = mount;
  const labels = { device, fstype, mountpoint };
  emit('node_filesystem_device_error', labels, stat ? 0 : 1);
  emit('node_filesystem_readonly', labels, mount.readOnly ? 1 : 0);
  if (!stat) return;
  emit('node_filesystem_size_bytes', labels, stat.blocks * stat.bsize);
  emit('node_filesystem_free_bytes', labels, stat.bfree * stat.bsize);
  emit('node_filesystem_avail_bytes', labels, stat.bavail * stat.bsize);
  emit('node_filesystem_files', labels, stat.files);
  emit('node_filesystem_files_free', labels, stat.ffree);
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
