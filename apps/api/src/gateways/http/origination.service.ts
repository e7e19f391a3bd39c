import { Injectable } from '@nestjs/common';
import { OpsroomConfig } from '../../config/config.js';
import { type Origination, type RequestHead, TrustedProxies } from './forwarded.js';

/**
 * In: a request's head. Out: who sent it and how this server is seen from there.
 * Owns: the list of trusted proxies.
 */
@Injectable()
export class OriginationService {
  private readonly proxies: TrustedProxies;

  constructor(private readonly config: OpsroomConfig) {
    this.proxies = new TrustedProxies(config.process.trustedProxies);
  }

  of(request: RequestHead): Origination {
    return this.proxies.resolve(request);
  }

  /** Under which path the browser sees this server, '' or '/ops': the setting, or what a trusted proxy says. */
  basePathOf(request: RequestHead): string {
    return this.config.process.basePath === '' ? this.of(request).prefix : this.config.process.basePath;
  }
}
