import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ACCOUNT_AUDIT_KINDS, type AccountAuditEntry, type AccountView, ROLES } from '@opsroom/contracts';
import { z } from 'zod';
import { AdministrationService } from '../../../accounts/administration.service.js';
import { Needs } from '../needs.js';
import { listOf, readBody } from '../read-body.js';
import { type Asker, Who } from '../who.js';

const accountBody = z.strictObject({
  name: z.string().max(200),
  password: z.string().max(1000),
  role: z.enum(ROLES),
});
const changeBody = accountBody.omit({ name: true }).partial();
const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().int().optional(),
  kinds: listOf(z.enum(ACCOUNT_AUDIT_KINDS)).optional(),
  actor: z.string().max(200).optional(),
});

/** Accounts and the record of what was done to them, for administrators. */
@Needs('administrator')
@Controller('api/opsroom')
export class AccountsController {
  constructor(private readonly administration: AdministrationService) {}

  @Get('accounts')
  list(): { accounts: AccountView[] } {
    return { accounts: this.administration.listAccounts() };
  }

  @Post('accounts')
  create(@Body() body: unknown, @Who() asker: Asker): Promise<AccountView> {
    return this.administration.createAccount(readBody(accountBody, body), asker);
  }

  @Patch('accounts/:name')
  change(@Param('name') name: string, @Body() body: unknown, @Who() asker: Asker): Promise<AccountView> {
    return this.administration.changeAccount(name, readBody(changeBody, body), asker);
  }

  @Delete('accounts/:name')
  @HttpCode(204)
  remove(@Param('name') name: string, @Who() asker: Asker): void {
    this.administration.removeAccount(name, asker);
  }

  /** The newest first; `before` is the id of the oldest entry that one has, `kinds` a list with commas. */
  @Get('audit')
  audit(@Query() query: unknown): { entries: AccountAuditEntry[] } {
    const { limit, before, ...filter } = readBody(auditQuery, query);
    return { entries: this.administration.audit(limit, before, filter) };
  }
}
