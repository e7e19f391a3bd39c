import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ROLES, type TokenView } from '@opsroom/contracts';
import { z } from 'zod';
import { AdministrationService } from '../../../accounts/administration.service.js';
import { readBody } from '../read-body.js';
import { type Asker, Who } from '../who.js';

const tokenBody = z.strictObject({ name: z.string().max(200), role: z.enum(ROLES) });

/** API tokens: everybody's own, and for administrators all. The secret is in the answer to its making and never again. */
@Controller('api/opsroom/tokens')
export class TokensController {
  constructor(private readonly administration: AdministrationService) {}

  @Get()
  list(@Who() asker: Asker): { tokens: TokenView[] } {
    return { tokens: this.administration.listTokens(asker) };
  }

  @Post()
  create(@Body() body: unknown, @Who() asker: Asker): { token: TokenView; secret: string } {
    return this.administration.createToken(readBody(tokenBody, body), asker);
  }

  @Delete(':id')
  @HttpCode(204)
  revoke(@Param('id', ParseIntPipe) id: number, @Who() asker: Asker): void {
    this.administration.revokeToken(id, asker);
  }
}
