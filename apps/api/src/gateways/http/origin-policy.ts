import { Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { isLoopback } from '../../config/checks.js';
import { OpsroomConfig } from '../../config/config.js';
import type { Origination } from './forwarded.js';

export type OriginDecision = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

const ALLOWED: OriginDecision = { allowed: true };

/**
 * In: the `Origin` header of a request or handshake and how this server was addressed. Out: whether a page from there may use
 * it, or what setting would allow it.
 * Owns: the rule. The server's own origin and those of `--allow-origin` may; programs other than browsers send no origin.
 */
@Injectable()
export class OriginPolicy {
  constructor(private readonly config: OpsroomConfig) {}

  check(origin: string | undefined, to: Pick<Origination, 'protocol' | 'host'>): OriginDecision {
    const host = this.checkHost(to);
    if (!host.allowed) return host;
    if (origin === undefined || this.isAllowed(origin) || this.isOwn(origin, to)) return ALLOWED;
    if (origin === 'null') return { allowed: false, message: 'pages that hide their origin may not use this server' };
    return refused(`pages from ${origin} may not use this server`, origin);
  }

  /** Named by the configuration, so that a page from there may also read answers. */
  isAllowed(origin: string): boolean {
    return this.config.process.allowedOrigins.includes(origin.toLowerCase());
  }

  private isOwn(origin: string, to: Pick<Origination, 'protocol' | 'host'>): boolean {
    if (!URL.canParse(origin)) return false;
    const { protocol, host } = new URL(origin);
    // A proxy that ends TLS without saying so makes this an http server of an https page; its host is the same.
    return host === canonicalHost(to.host, protocol) && /^https?:$/.test(protocol);
  }

  /**
   * A page can give its own name this machine's address and is then of "our" origin (DNS rebinding). With logins that gains
   * nothing, since cookies belong to names; where strangers may act it would, so a loopback server then answers to its own
   * names only.
   */
  private checkHost(to: Pick<Origination, 'protocol' | 'host'>): OriginDecision {
    const { accounts, process } = this.config;
    if (accounts.anonymous === undefined || !isLoopback(process.host) || to.host === '') return ALLOWED;
    const name = canonicalHost(to.host, `${to.protocol}:`).replace(/:\d+$/, '');
    if (isLoopback(name) || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return ALLOWED;
    const origin = `${to.protocol}://${to.host}`;
    if (process.allowedOrigins.some((allowed) => new URL(allowed).hostname === name)) return ALLOWED;
    return refused(`this server does not answer to the name ${name} while accounts.anonymous is set`, origin);
  }
}

function refused(what: string, origin: string): OriginDecision {
  const message = `${what}; to allow it, start Opsroom with --allow-origin ${origin} or OPSROOM_ALLOWED_ORIGINS=${origin}`;
  return { allowed: false, message };
}

/** Lower case, without the protocol's own port. */
function canonicalHost(host: string, protocol: string): string {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : host.toLowerCase();
}
