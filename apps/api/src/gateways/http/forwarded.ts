import { BlockList, isIP } from 'node:net';

/** Where a request comes from and how its sender addressed this server, proxies seen through. */
export interface Origination {
  readonly address: string;
  readonly protocol: 'http' | 'https';
  /** Host and port as the sender wrote them; '' for none. */
  readonly host: string;
  /** Path that proxies have put in front, '' or '/ops'. */
  readonly prefix: string;
}

/** The part of a request that is looked at: Node's own, so that it serves HTTP and handshakes alike. */
export interface RequestHead {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
}

interface Hop {
  readonly address?: string | undefined;
  readonly protocol?: string | undefined;
  readonly host?: string | undefined;
}

/** Addresses whose trust is remembered. */
const MAX_KNOWN = 1000;

/**
 * Whose forwarded headers are believed: loopback, and the addresses and networks that the configuration names. From a
 * trusted peer the chain is read from its near end, up to the first address that is not trusted: that is the client.
 * RFC 7239 `Forwarded` wins over `X-Forwarded-*`.
 */
export class TrustedProxies {
  private readonly list = new BlockList();
  /** Answers of the list for addresses that ask again and again. */
  private readonly known = new Map<string, boolean>();

  /** Throws with the entry that is neither an address nor a network. */
  constructor(addresses: readonly string[]) {
    this.list.addSubnet('127.0.0.0', 8, 'ipv4');
    this.list.addAddress('::1', 'ipv6');
    for (const entry of addresses) this.add(entry);
  }

  resolve(request: RequestHead): Origination {
    const peer = bare(request.socket.remoteAddress ?? '');
    const own: Origination = {
      address: peer,
      protocol: request.socket.encrypted === true ? 'https' : 'http',
      host: first(request.headers.host) ?? '',
      prefix: '',
    };
    if (!this.trusts(peer)) return own;
    const hops = forwardedHops(request.headers) ?? xForwardedHops(request.headers);
    // The last hop was written by the peer, the one before by the hop that it names, and so on while they are trusted.
    let client: Hop = {};
    for (let i = hops.length - 1; i >= 0; i--) {
      client = { ...client, ...defined(hops[i]) };
      if (hops[i].address === undefined || !this.trusts(hops[i].address ?? '')) break;
    }
    return {
      address: client.address ?? own.address,
      protocol: client.protocol === 'https' ? 'https' : client.protocol === 'http' ? 'http' : own.protocol,
      host: client.host ?? own.host,
      prefix: readPrefix(first(request.headers['x-forwarded-prefix'])),
    };
  }

  trusts(address: string): boolean {
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const family = isIP(address);
    const trusted = family !== 0 && this.list.check(address, family === 6 ? 'ipv6' : 'ipv4');
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(address, trusted);
    return trusted;
  }

  private add(entry: string): void {
    const [address, bits] = entry.split('/');
    const family = isIP(address);
    const length = bits === undefined ? undefined : Number(bits);
    const longest = family === 6 ? 128 : 32;
    if (family === 0 || (length !== undefined && !(Number.isInteger(length) && length >= 0 && length <= longest))) {
      throw new Error(`--trusted-proxy: "${entry}" is neither an address nor a network such as 10.0.0.0/8`);
    }
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (length === undefined) this.list.addAddress(address, type);
    else this.list.addSubnet(address, length, type);
  }
}

function forwardedHops(headers: RequestHead['headers']): Hop[] | undefined {
  const header = joined(headers.forwarded);
  if (header === undefined) return undefined;
  return splitOutsideQuotes(header, ',').map((element) => {
    const hop: Record<string, string> = {};
    for (const pair of splitOutsideQuotes(element, ';')) {
      const at = pair.indexOf('=');
      if (at > 0) hop[pair.slice(0, at).trim().toLowerCase()] = unquoted(pair.slice(at + 1).trim());
    }
    return { address: node(hop.for), protocol: hop.proto?.toLowerCase(), host: hop.host };
  });
}

/** Proto and Host have one value for each hop, or one for all: then it belongs to the near end. */
function xForwardedHops(headers: RequestHead['headers']): Hop[] {
  const column = (name: string): string[] =>
    joined(headers[name])
      ?.split(',')
      .map((value) => value.trim()) ?? [];
  const addresses = column('x-forwarded-for').map(node);
  const protocols = column('x-forwarded-proto');
  const hosts = column('x-forwarded-host');
  const length = Math.max(addresses.length, protocols.length, hosts.length);
  const at = <T>(values: readonly T[], i: number): T | undefined => values[values.length - length + i];
  return Array.from({ length }, (_, i) => ({
    address: at(addresses, i),
    protocol: at(protocols, i)?.toLowerCase(),
    host: at(hosts, i),
  }));
}

/** `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`; undefined for `unknown` and hidden names. */
function node(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const match = /^\[(?<v6>[0-9a-f:.]+)\](?::\d+)?$/i.exec(value) ?? /^(?<v4>\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(value);
  const address = match?.groups?.v6 ?? match?.groups?.v4 ?? value;
  return isIP(address) === 0 ? undefined : bare(address);
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
const bare = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

const readPrefix = (value: string | undefined): string => {
  const prefix = (value ?? '').split(',')[0].trim().replace(/\/+$/, '');
  return /^(\/[A-Za-z0-9._~-]+)+$/.test(prefix) ? prefix : '';
};

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
const joined = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;

function splitOutsideQuotes(text: string, separator: string): string[] {
  return text.match(new RegExp(`(?:"(?:[^"\\\\]|\\\\.)*"|[^${separator}"])+`, 'g')) ?? [];
}

const defined = (hop: Hop): Hop =>
  Object.fromEntries(Object.entries(hop).filter(([, value]) => value !== undefined && value !== ''));
