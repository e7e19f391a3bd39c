import type { ConnectionOptions } from 'node:tls';
import type { TlsConfig } from '../../config/config.js';

/** What Node's TLS takes for a `tls_config`. */
export function tlsOptions({ insecureSkipVerify, serverName, ...rest }: TlsConfig): ConnectionOptions {
  return {
    ...rest,
    rejectUnauthorized: !insecureSkipVerify,
    ...(serverName !== undefined && { servername: serverName }),
  };
}
