import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { SessionView } from '@opsroom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccountsService } from '../../../accounts/accounts.service.js';
import { cookieValue, DEVICE_COOKIE, printCookie, SESSION_COOKIE } from '../../../accounts/cookies.js';
import { type LoggedIn, type LoginPlace, SessionsService } from '../../../accounts/sessions.service.js';
import { OpsroomConfig } from '../../../config/config.js';
import { VERSION } from '../../../config/version.js';
import { Open } from '../needs.js';
import { OriginationService } from '../origination.service.js';
import { readBody } from '../read-body.js';
import { type Asker, Who } from '../who.js';

const loginBody = z.strictObject({ name: z.string().max(200), password: z.string().max(1000) });
const setupBody = loginBody.extend({ token: z.string().max(200) });
const passwordBody = z.strictObject({ oldPassword: z.string().max(1000), newPassword: z.string().max(1000) });

/** Browsers are remembered for a year; sessions for as long as they are used, so their cookie outlives them. */
const COOKIE_MS = 365 * 86_400_000;

/** Who one is, and how one comes and goes. Every answer but a refusal is the `SessionView` that then holds. */
@Controller('api/opsroom')
export class SessionController {
  constructor(
    private readonly config: OpsroomConfig,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly origination: OriginationService,
  ) {}

  @Open()
  @Get('session')
  async session(@Req() request: FastifyRequest): Promise<SessionView> {
    const { cookie, authorization } = request.headers;
    const identified = await this.accounts.identify({ cookie, authorization, address: request.clientAddress ?? '' });
    return this.view(identified && { name: identified.name, role: identified.role, via: identified.via });
  }

  @Open()
  @Post('login')
  @HttpCode(200)
  async login(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const { name, password } = readBody(loginBody, body);
    return this.enter(await this.sessions.login(name, password, placeOf(request)), request, reply);
  }

  @Open()
  @Post('setup')
  @HttpCode(200)
  async setup(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const { token, name, password } = readBody(setupBody, body);
    return this.enter(await this.sessions.setup(token, name, password, placeOf(request)), request, reply);
  }

  /** Open, so that leaving works with a session that has ended too. */
  @Open()
  @Post('logout')
  @HttpCode(200)
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionView> {
    const secret = cookieValue(request.headers.cookie, SESSION_COOKIE);
    if (secret !== undefined) this.sessions.logout(secret, request.clientAddress ?? '');
    this.setCookie(request, reply, SESSION_COOKIE, '', 0);
    const stranger = { cookie: undefined, authorization: undefined, address: request.clientAddress ?? '' };
    const identified = await this.accounts.identify(stranger);
    return this.view(identified && { name: identified.name, role: identified.role, via: identified.via });
  }

  @Post('password')
  @HttpCode(204)
  async password(@Body() body: unknown, @Req() request: FastifyRequest, @Who() asker: Asker): Promise<void> {
    const { oldPassword, newPassword } = readBody(passwordBody, body);
    const attempt = { name: asker.identity.name, oldPassword, newPassword };
    await this.sessions.changePassword(attempt, placeOf(request), cookieValue(request.headers.cookie, SESSION_COOKIE));
  }

  private enter(loggedIn: LoggedIn, request: FastifyRequest, reply: FastifyReply): SessionView {
    this.setCookie(request, reply, SESSION_COOKIE, loggedIn.session, COOKIE_MS);
    this.setCookie(request, reply, DEVICE_COOKIE, loggedIn.device, COOKIE_MS);
    return this.view(loggedIn.identity);
  }

  private view(identity: SessionView['identity']): SessionView {
    return {
      identity,
      setupNeeded: this.sessions.setupNeeded,
      anonymous: this.config.accounts.anonymous ?? null,
      version: VERSION,
    };
  }

  private setCookie(request: FastifyRequest, reply: FastifyReply, name: string, value: string, maxAgeMs: number): void {
    const secure = this.origination.of(request.raw).protocol === 'https';
    const basePath = this.origination.basePathOf(request.raw);
    reply.header('set-cookie', printCookie(name, value, { basePath, secure, maxAgeMs }));
  }
}

const placeOf = (request: FastifyRequest): LoginPlace => ({
  address: request.clientAddress ?? '',
  userAgent: request.headers['user-agent'] ?? '',
  device: cookieValue(request.headers.cookie, DEVICE_COOKIE),
});
