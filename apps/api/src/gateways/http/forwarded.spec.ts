import { type RequestHead, TrustedProxies } from './forwarded.js';

const from = (remoteAddress: string, headers: RequestHead['headers']): RequestHead => ({
  headers,
  socket: { remoteAddress },
});
const proxies = new TrustedProxies(['10.0.0.0/8', '2001:db8::7']);

describe('TrustedProxies', () => {
  it('believes nothing that a stranger sends', () => {
    const head = from('192.0.2.1', {
      host: 'ops:3000',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-prefix': '/evil',
      forwarded: 'for=127.0.0.1',
    });
    expect(proxies.resolve(head)).toEqual({ address: '192.0.2.1', protocol: 'http', host: 'ops:3000', prefix: '' });
  });

  it.each<[string, string, RequestHead['headers'], object]>([
    [
      'X-Forwarded-*',
      '127.0.0.1',
      {
        host: 'x',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'ops.example',
        'x-forwarded-prefix': '/ops/',
      },
      { address: '192.0.2.1', protocol: 'https', host: 'ops.example', prefix: '/ops' },
    ],
    [
      'Forwarded, which wins',
      '::1',
      { forwarded: 'for="[2001:db8::1]:4711";proto=https;host="ops.example"', 'x-forwarded-for': '192.0.2.9' },
      { address: '2001:db8::1', protocol: 'https', host: 'ops.example' },
    ],
    ['an IPv4 address over IPv6', '::ffff:10.1.2.3', { 'x-forwarded-for': '192.0.2.1' }, { address: '192.0.2.1' }],
    ['a chain of trusted proxies', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1, 10.0.0.2' }, { address: '192.0.2.1' }],
    [
      'a chain with a forged far end',
      '127.0.0.1',
      { 'x-forwarded-for': '127.0.0.1, 192.0.2.66' },
      { address: '192.0.2.66' },
    ],
    [
      'a forged protocol at the far end',
      '10.0.0.1',
      { 'x-forwarded-for': '1.2.3.4, 192.0.2.66', 'x-forwarded-proto': 'https, http' },
      { protocol: 'http' },
    ],
    [
      'one protocol for the whole chain',
      '10.0.0.1',
      { 'x-forwarded-for': '192.0.2.1, 10.0.0.2', 'x-forwarded-proto': 'https' },
      { address: '192.0.2.1', protocol: 'https' },
    ],
    [
      'a hidden client',
      '127.0.0.1',
      { host: 'h', forwarded: 'for=_hidden;proto=https' },
      { address: '127.0.0.1', protocol: 'https', host: 'h' },
    ],
    ['a prefix that is not a path', '127.0.0.1', { 'x-forwarded-prefix': '/"><script>' }, { prefix: '' }],
    [
      'no header at all',
      '127.0.0.1',
      { host: 'localhost:3000' },
      { address: '127.0.0.1', host: 'localhost:3000', protocol: 'http' },
    ],
  ])('reads %s', (_, peer, headers, expected) => expect(proxies.resolve(from(peer, headers))).toMatchObject(expected));

  it('knows networks and addresses', () => {
    expect(['10.255.0.1', '2001:db8::7', '127.1.2.3'].every((one) => proxies.trusts(one))).toBe(true);
    expect(['11.0.0.1', '2001:db8::8', 'x'].some((one) => proxies.trusts(one))).toBe(false);
    expect(() => new TrustedProxies(['10.0.0.0/99'])).toThrow('--trusted-proxy: "10.0.0.0/99" is neither');
  });
});
