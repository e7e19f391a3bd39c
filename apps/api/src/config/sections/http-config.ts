/** `http_config` of alertmanager.yml and its like in prometheus.yml: what is used is who one is; see `warnings.ts` for the rest. */
import type { z } from 'zod';
import { section, text, unread } from './values.js';

export const httpConfig = section('http_config', {
  basic_auth: section('basic_auth', {
    username: text().optional(),
    username_file: text().optional(),
    password: text().optional(),
    password_file: text().optional(),
  }).optional(),
  authorization: section('authorization', {
    type: text().optional(),
    credentials: text().optional(),
    credentials_file: text().optional(),
  }).optional(),
  bearer_token: text().optional(),
  bearer_token_file: text().optional(),
  oauth2: unread(),
  tls_config: unread(),
  proxy_url: unread(),
  no_proxy: unread(),
  proxy_from_environment: unread(),
  proxy_connect_header: unread(),
  follow_redirects: unread(),
  enable_http2: unread(),
  http_headers: unread(),
});

export type HttpConfig = z.output<typeof httpConfig>;

/** The `Authorization` header that it asks for; `secret` reads a value or the file that holds it. */
export function authorizationOf(
  config: HttpConfig | undefined,
  secret: (value: string | undefined, file: string | undefined) => string | undefined,
): string | undefined {
  if (!config) return undefined;
  const { basic_auth: basic, authorization, bearer_token, bearer_token_file } = config;
  if (basic) {
    const user = secret(basic.username, basic.username_file) ?? '';
    const password = secret(basic.password, basic.password_file) ?? '';
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  if (authorization) {
    const credentials = secret(authorization.credentials, authorization.credentials_file) ?? '';
    return `${authorization.type ?? 'Bearer'} ${credentials}`;
  }
  const bearer = secret(bearer_token, bearer_token_file);
  return bearer === undefined ? undefined : `Bearer ${bearer}`;
}
