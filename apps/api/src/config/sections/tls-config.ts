/** `tls_config` of alertmanager.yml, for HTTP and SMTP. */
import type { z } from 'zod';
import type { TlsConfig } from '../config.js';
import type { ReadSecret } from './read-secret.js';
import { boolean, oneOf, section, text } from './values.js';

const VERSIONS = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
const version = () => oneOf(Object.keys(VERSIONS) as (keyof typeof VERSIONS)[]).optional();

export const tlsConfig = section('tls_config', {
  ca: text().optional(),
  ca_file: text().optional(),
  cert: text().optional(),
  cert_file: text().optional(),
  key: text().optional(),
  key_file: text().optional(),
  server_name: text().optional(),
  insecure_skip_verify: boolean().default(false),
  min_version: version(),
  max_version: version(),
});

/** With what its files hold. */
export function tlsOf(config: z.output<typeof tlsConfig>, secret: ReadSecret): TlsConfig {
  const [ca, cert, key] = [
    secret(config.ca, config.ca_file),
    secret(config.cert, config.cert_file),
    secret(config.key, config.key_file),
  ];
  const { min_version: min, max_version: max, server_name: serverName } = config;
  return {
    insecureSkipVerify: config.insecure_skip_verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
    ...(min !== undefined && { minVersion: VERSIONS[min] }),
    ...(max !== undefined && { maxVersion: VERSIONS[max] }),
  };
}
