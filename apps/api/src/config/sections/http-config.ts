/** `http_config` of alertmanager.yml; see `warnings.ts` for what of it is not used. */
import { z } from 'zod';
import type { HttpClientConfig } from '../config.js';
import type { ReadSecret } from './read-secret.js';
import { tlsConfig, tlsOf } from './tls-config.js';
import { boolean, list, section, text, unread, url } from './values.js';

const header = section('http_headers', {
  values: list(text()).default([]),
  secrets: list(text()).default([]),
  files: list(text()).default([]),
});

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
  tls_config: tlsConfig.optional(),
  proxy_url: url().optional(),
  no_proxy: text().optional(),
  proxy_from_environment: boolean().default(false),
  proxy_connect_header: unread(),
  follow_redirects: unread(),
  enable_http2: unread(),
  http_headers: z.record(z.string(), header).default({}),
});

export type HttpConfig = z.output<typeof httpConfig>;

/** How requests are made that it is for, with what its files hold. */
export function httpClientOf(config: HttpConfig | undefined, secret: ReadSecret): HttpClientConfig {
  if (!config) return { headers: {} };
  const headers = Object.entries(config.http_headers).map(([name, { values, secrets, files }]) => {
    const read = files.map((file) => secret(undefined, file) ?? '');
    return [name.toLowerCase(), [...values, ...secrets, ...read].join(', ')] as const;
  });
  const authorization = authorizationOf(config, secret);
  const { proxy_url: proxyUrl, no_proxy: noProxy, proxy_from_environment: fromEnvironment } = config;
  return {
    headers: { ...Object.fromEntries(headers), ...(authorization !== undefined && { authorization }) },
    ...(config.tls_config && { tls: tlsOf(config.tls_config, secret) }),
    ...((proxyUrl !== undefined || fromEnvironment) && {
      proxy: { ...(proxyUrl !== undefined && { url: proxyUrl }), ...(noProxy !== undefined && { noProxy }) },
    }),
  };
}

function authorizationOf(config: HttpConfig, secret: ReadSecret): string | undefined {
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
