import { collectCpu, collectCpuPortable } from './cpu.js';
import { collectDisk } from './disk.js';
import type { Emit } from './emit.js';
import { emitFilesystem, parseMounts } from './filesystem.js';
import { collectKernel } from './host-collection.js';
import { collectOsRelease, collectPressure } from './kernel.js';
import { collectMemory } from './memory.js';
import { collectNetstat, collectNetwork, collectSnmp6, collectSockstat } from './network.js';

/** Everything a collector emits, in the text format's manner: `name{a="b"}` to its value. */
function collected(collect: (emit: Emit) => void): Record<string, number> {
  const samples: Record<string, number> = {};
  collect((name, labels, value) => {
    const printed = Object.keys(labels)
      .sort()
      .map((label) => `${label}="${labels[label]}"`);
    samples[printed.length > 0 ? `${name}{${printed.join(',')}}` : name] = value;
  });
  return samples;
}

describe('the host’s collectors', () => {
  it('turn ticks of /proc/stat into seconds by cpu and mode, and leave the sum over all cpus out', () => {
    const stat = 'cpu  9 9 9 9\ncpu0 100 0 50 1200 4 0 7 3 20 10\nctxt 42\nbtime 1700000000\nprocesses 7\n';
    expect(collected((emit) => collectCpu(stat, emit))).toEqual({
      'node_cpu_seconds_total{cpu="0",mode="user"}': 1,
      'node_cpu_seconds_total{cpu="0",mode="nice"}': 0,
      'node_cpu_seconds_total{cpu="0",mode="system"}': 0.5,
      'node_cpu_seconds_total{cpu="0",mode="idle"}': 12,
      'node_cpu_seconds_total{cpu="0",mode="iowait"}': 0.04,
      'node_cpu_seconds_total{cpu="0",mode="irq"}': 0,
      'node_cpu_seconds_total{cpu="0",mode="softirq"}': 0.07,
      'node_cpu_seconds_total{cpu="0",mode="steal"}': 0.03,
      'node_cpu_guest_seconds_total{cpu="0",mode="user"}': 0.2,
      'node_cpu_guest_seconds_total{cpu="0",mode="nice"}': 0.1,
      node_context_switches_total: 42,
      node_boot_time_seconds: 1700000000,
      node_forks_total: 7,
    });
  });

  it('read the runtime’s cpu times where there is no /proc', () => {
    const cpu = { model: '', speed: 0, times: { user: 2500, nice: 0, sys: 500, idle: 10_000, irq: 0 } };
    expect(collected((emit) => collectCpuPortable([cpu], emit))).toMatchObject({
      'node_cpu_seconds_total{cpu="0",mode="user"}': 2.5,
      'node_cpu_seconds_total{cpu="0",mode="idle"}': 10,
    });
  });

  it('name memory after its unit: kilobytes become bytes, plain counts keep their name', () => {
    const meminfo = 'MemTotal:       1000 kB\nActive(anon):      5 kB\nHugePages_Total:    3\n';
    expect(collected((emit) => collectMemory(meminfo, emit))).toEqual({
      node_memory_MemTotal_bytes: 1_024_000,
      node_memory_Active_anon_bytes: 5120,
      node_memory_HugePages_Total: 3,
    });
  });

  it('count whole disks in bytes and seconds, without partitions and loop devices; absent fields are absent', () => {
    const stats = [
      '   7       0 loop0 1 1 1 1 1 1 1 1 1 1 1',
      ' 254       1 vda1 1 1 1 1 1 1 1 1 1 1 1',
      ' 254       0 vda 10 1 16 2500 20 2 32 500 3 4000 4500',
    ].join('\n');
    const samples = collected((emit) => collectDisk(stats, emit));
    expect(samples).toMatchObject({
      'node_disk_read_bytes_total{device="vda"}': 16 * 512,
      'node_disk_read_time_seconds_total{device="vda"}': 2.5,
      'node_disk_written_bytes_total{device="vda"}': 32 * 512,
      'node_disk_io_now{device="vda"}': 3,
      'node_disk_io_time_weighted_seconds_total{device="vda"}': 4.5,
    });
    expect(Object.keys(samples)).toHaveLength(11);
    expect(Object.keys(samples).every((name) => name.includes('device="vda"'))).toBe(true);
  });

  it('read network counters and the link’s state, and leave out a speed that the kernel does not know', () => {
    const dev = 'Inter-|\n face |\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n';
    const files: Record<string, string> = {
      '/sys/class/net/eth0/operstate': 'up\n',
      '/sys/class/net/eth0/speed': '-1\n',
      '/sys/class/net/eth0/mtu': '1500\n',
    };
    const samples = collected((emit) => collectNetwork(dev, (path) => files[path], emit));
    expect(samples).toMatchObject({
      'node_network_receive_bytes_total{device="eth0"}': 1,
      'node_network_receive_multicast_total{device="eth0"}': 8,
      'node_network_transmit_bytes_total{device="eth0"}': 9,
      'node_network_transmit_carrier_total{device="eth0"}': 15,
      'node_network_up{device="eth0"}': 1,
      'node_network_mtu_bytes{device="eth0"}': 1500,
    });
    expect(samples).not.toHaveProperty('node_network_speed_bytes{device="eth0"}');
  });

  it('pair the names and values of netstat and keep what node_exporter keeps', () => {
    const text = 'Tcp: RtoMin CurrEstab RetransSegs\nTcp: 200 4 17\n';
    expect(collected((emit) => collectNetstat(text, emit))).toEqual({
      node_netstat_Tcp_CurrEstab: 4,
      node_netstat_Tcp_RetransSegs: 17,
    });
  });

  it('split the names of version 6 behind the protocol', () => {
    expect(collected((emit) => collectSnmp6('Ip6InOctets 5\nUdp6NoPorts 2\nIcmp6InType135 9\n', emit))).toEqual({
      node_netstat_Ip6_InOctets: 5,
      node_netstat_Udp6_NoPorts: 2,
    });
  });

  it('turn the pages that sockets hold into bytes', () => {
    expect(collected((emit) => collectSockstat('TCP: inuse 4 mem 2\n', 4096, emit))).toEqual({
      node_sockstat_TCP_inuse: 4,
      node_sockstat_TCP_mem: 2,
      node_sockstat_TCP_mem_bytes: 8192,
    });
  });

  it('leave pseudo file systems out, undo octal escapes and count a mount point once', () => {
    const mounts = [
      'proc /proc proc rw 0 0',
      '/dev/vda / ext4 rw,discard 0 0',
      '/dev/vdb /mnt/my\\040disk xfs ro 0 0',
      '/dev/vdc /mnt/my\\040disk xfs rw 0 0',
    ].join('\n');
    expect(parseMounts(mounts)).toEqual([
      { device: '/dev/vda', mountpoint: '/', fstype: 'ext4', readOnly: false },
      { device: '/dev/vdc', mountpoint: '/mnt/my disk', fstype: 'xfs', readOnly: false },
    ]);
  });

  it('say that a file system did not answer, and give no sizes for it', () => {
    const mount = { device: 'nas:/x', mountpoint: '/nas', fstype: 'nfs4', readOnly: false };
    expect(collected((emit) => emitFilesystem(mount, undefined, emit))).toEqual({
      'node_filesystem_device_error{device="nas:/x",fstype="nfs4",mountpoint="/nas"}': 1,
      'node_filesystem_readonly{device="nas:/x",fstype="nfs4",mountpoint="/nas"}': 0,
    });
  });

  it('give pressure in seconds, waiting and stalled, where the kernel has it', () => {
    const files: Record<string, string> = {
      '/proc/pressure/io': 'some avg10=0.00 total=2500000\nfull avg10=0.00 total=500000\n',
    };
    expect(collected((emit) => collectPressure((path) => files[path], emit))).toEqual({
      node_pressure_io_waiting_seconds_total: 2.5,
      node_pressure_io_stalled_seconds_total: 0.5,
    });
  });

  it('read the distribution’s names, quoted or not', () => {
    const samples = collected((emit) => collectOsRelease('ID=debian\nNAME="Debian GNU/Linux"\n', emit));
    expect(Object.keys(samples)).toEqual([
      'node_os_info{id="debian",name="Debian GNU/Linux",pretty_name="",version="",version_id=""}',
    ]);
  });

  it('work without any file of the kernel: what is left comes from the runtime', () => {
    const samples = collected((emit) => collectKernel(() => undefined, 1_700_000_000_000, emit));
    expect(samples.node_memory_MemTotal_bytes).toBeGreaterThan(0);
    expect(samples.node_time_seconds).toBe(1_700_000_000);
    expect(Object.keys(samples).some((name) => name.startsWith('node_disk'))).toBe(false);
  });
});
