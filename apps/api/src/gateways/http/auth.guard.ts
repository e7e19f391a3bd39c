import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Role, roleAllows } from '@opsroom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountError } from '../../accounts/account-error.js';
import { AccountsService } from '../../accounts/accounts.service.js';
import { NEEDS } from './needs.js';
import { OriginationService } from './origination.service.js';

/**
 * In: every HTTP request that has a route. Out: its identity, or a refusal.
 * Owns: nothing. Sockets are not its business: their handshake asks the same accounts.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: AccountsService,
    private readonly origination: OriginationService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const needs = this.reflector.getAllAndOverride<Role | 'nobody' | undefined>(NEEDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { cookie, authorization } = request.headers;
    const { address } = this.origination.of(request.raw);
    request.clientAddress = address;
    if (needs === 'nobody') return true;
    request.identified = await this.accounts.identify({ cookie, authorization, address });
    const role = needs ?? 'viewer';
    if (!request.identified) {
      context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer realm="opsroom"');
      const brought = authorization !== undefined;
      throw new AccountError(
        'unauthenticated',
        brought ? 'this token or password is not valid' : 'log in, or send an API token',
      );
    }
    if (!roleAllows(request.identified.role, role)) {
      throw new AccountError('forbidden', `this needs the role ${role}; you are a ${request.identified.role}`);
    }
    return true;
  }
}
