import { type ConfigOverrides, testConfig } from '../../config/config.fixture.js';
import { OriginPolicy } from './origin-policy.js';

const check = (
  origin: string | undefined,
  host: string,
  config: ConfigOverrides = {},
  protocol: 'http' | 'https' = 'http',
) => new OriginPolicy(testConfig(config)).check(origin, { protocol, host });

describe('OriginPolicy', () => {
  it.each<[string | undefined, string, ConfigOverrides]>([
    [undefined, 'ops:3000', {}],
    ['http://ops:3000', 'ops:3000', {}],
    ['http://OPS:3000', 'ops:3000', {}],
    ['https://ops.example', 'ops.example', {}],
    ['https://ops.example', 'ops.example:443', {}],
    ['http://localhost:5173', '127.0.0.1:3000', { process: { allowedOrigins: ['http://localhost:5173'] } }],
    [undefined, '127.0.0.1:3000', { accounts: { anonymous: 'administrator' } }],
    [undefined, '[::1]:3000', { accounts: { anonymous: 'viewer' } }],
    ['http://opsroom.localhost:3000', 'opsroom.localhost:3000', { accounts: { anonymous: 'viewer' } }],
    [
      'https://ops.example',
      'ops.example',
      { accounts: { anonymous: 'viewer' }, process: { allowedOrigins: ['https://ops.example'] } },
    ],
    [undefined, 'ops.example', { accounts: { anonymous: 'viewer' }, process: { host: '0.0.0.0' } }],
  ])('lets %s use %s', (origin, host, config) => expect(check(origin, host, config)).toEqual({ allowed: true }));

  it('names the setting that would allow a page from elsewhere', () => {
    expect(check('https://evil.example', 'ops:3000')).toEqual({
      allowed: false,
      message:
        'pages from https://evil.example may not use this server; to allow it, start Opsroom with ' +
        '--allow-origin https://evil.example or OPSROOM_ALLOWED_ORIGINS=https://evil.example',
    });
  });

  it.each<[string, string, ConfigOverrides]>([
    ['http://ops:3001', 'ops:3000', {}],
    ['null', 'ops:3000', {}],
    ['http://ops:3000.evil.example', 'ops:3000', {}],
    // A name that somebody pointed at this machine.
    ['http://rebound.example:3000', 'rebound.example:3000', { accounts: { anonymous: 'viewer' } }],
  ])('refuses %s at %s', (origin, host, config) =>
    expect(check(origin, host, config)).toMatchObject({ allowed: false }),
  );
});
