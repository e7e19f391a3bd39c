import type { MetricMetadata } from '../../model/batch.js';
import { counter, type Emit, fields, gauge, lines, type MetadataTable, type ReadText } from './emit.js';

const RECEIVE = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'];
const TRANSMIT = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'];
/** The counters of `/proc/net/{netstat,snmp}` that node_exporter keeps by default. */
const NETSTAT =
  /^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/;

export const networkMetadata: MetadataTable = {
  ...Object.fromEntries(
    RECEIVE.map((f) => [`node_network_receive_${f}_total`, counter(`Network device statistic receive_${f}.`)]),
  ),
  ...Object.fromEntries(
    TRANSMIT.map((f) => [`node_network_transmit_${f}_total`, counter(`Network device statistic transmit_${f}.`)]),
  ),
  node_network_up: gauge("1 if the device's operational state is 'up', 0 otherwise."),
  node_network_carrier: gauge('1 if the device has a carrier.'),
  node_network_mtu_bytes: gauge('Largest packet that the device sends.', 'bytes'),
  node_network_speed_bytes: gauge("The link's speed in bytes per second.", 'bytes'),
  node_nf_conntrack_entries: gauge('Number of currently allocated flow entries for connection tracking.'),
  node_nf_conntrack_entries_limit: gauge('Maximum size of connection tracking table.'),
};

/** `/proc/net/dev`, see proc_pid_net(5); the link's state from `/sys/class/net`. */
export function collectNetwork(dev: string, read: ReadText, emit: Emit): void {
  for (const line of lines(dev).slice(2)) {
    const colon = line.lastIndexOf(':');
    const device = line.slice(0, colon).trim();
    const values = fields(line.slice(colon + 1));
    RECEIVE.forEach((name, i) => emit(`node_network_receive_${name}_total`, { device }, Number(values[i])));
    TRANSMIT.forEach((name, i) =>
      emit(`node_network_transmit_${name}_total`, { device }, Number(values[RECEIVE.length + i])),
    );
    collectLink(device, read, emit);
  }
}

function collectLink(device: string, read: ReadText, emit: Emit): void {
  const at = (file: string): string | undefined => read(`/sys/class/net/${device}/${file}`)?.trim();
  const state = at('operstate');
  if (state !== undefined) emit('node_network_up', { device }, state === 'up' ? 1 : 0);
  const carrier = at('carrier');
  if (carrier) emit('node_network_carrier', { device }, Number(carrier));
  const mtu = at('mtu');
  if (mtu) emit('node_network_mtu_bytes', { device }, Number(mtu));
  const megabits = Number(at('speed') ?? NaN);
  if (megabits > 0) emit('node_network_speed_bytes', { device }, (megabits * 1e6) / 8);
}

/** `/proc/net/netstat` and `/proc/net/snmp`: pairs of lines, names and then values, each behind its protocol. */
export function collectNetstat(text: string, emit: Emit): void {
  const all = lines(text);
  for (let i = 0; i + 1 < all.length; i += 2) {
    const [protocol, ...names] = fields(all[i]);
    const values = fields(all[i + 1]).slice(1);
    names.forEach((name, k) => {
      const full = `${protocol.replace(':', '')}_${name}`;
      if (NETSTAT.test(full)) emit(`node_netstat_${full}`, {}, Number(values[k]));
    });
  }
}

/** `/proc/net/snmp6`: a name and a value a line; the protocol is what ends in the first 6. */
export function collectSnmp6(text: string, emit: Emit): void {
  for (const line of lines(text)) {
    const [name, value] = fields(line);
    const six = name.indexOf('6') + 1;
    const full = `${name.slice(0, six)}_${name.slice(six)}`;
    if (six > 0 && NETSTAT.test(full)) emit(`node_netstat_${full}`, {}, Number(value));
  }
}

/** `/proc/net/sockstat`: sockets in use by protocol. `pageBytes` turns memory pages into bytes. */
export function collectSockstat(text: string, pageBytes: number, emit: Emit): void {
  for (const line of lines(text)) {
    const [rawProtocol, ...pairs] = fields(line);
    const protocol = rawProtocol.replace(':', '');
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const value = Number(pairs[i + 1]);
      emit(`node_sockstat_${protocol}_${pairs[i]}`, {}, value);
      if (pairs[i] === 'mem') emit(`node_sockstat_${protocol}_mem_bytes`, {}, value * pageBytes);
    }
  }
}

/** Connection tracking's table, where the module is loaded. */
export function collectConntrack(read: ReadText, emit: Emit): void {
  const entries = read('/proc/sys/net/netfilter/nf_conntrack_count');
  const limit = read('/proc/sys/net/netfilter/nf_conntrack_max');
  if (entries) emit('node_nf_conntrack_entries', {}, Number(entries));
  if (limit) emit('node_nf_conntrack_entries_limit', {}, Number(limit));
}

/** netstat and sockstat names come from the kernel, so their metadata is made from the name. */
export function netstatMetadata(name: string): MetricMetadata | undefined {
  const netstat = /^node_netstat_(.+)$/.exec(name)?.[1];
  if (netstat)
    return /CurrEstab|Forwarding/.test(netstat) ? gauge(`Statistic ${netstat}.`) : counter(`Statistic ${netstat}.`);
  const sockstat = /^node_sockstat_(.+)$/.exec(name)?.[1];
  return sockstat ? gauge(`Sockets: ${sockstat}.`) : undefined;
}
