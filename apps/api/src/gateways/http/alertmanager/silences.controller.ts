import { Body, Controller, Delete, Get, HttpCode, HttpException, Param, Post, Query } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { MatcherSpec, SilenceView } from '@opsroom/contracts';
import { SilencesService } from '../../../alerts/silences.service.js';
import { Clock } from '../../../model/clock.js';
import { Needs } from '../needs.js';
import { type Asker, Who } from '../who.js';
import { type AlertQuery, readFilter } from './alert-filter.js';
import { answering } from './alertmanager-error.js';
import { type GettableSilence, gettableSilence } from './gettable.js';
import { readSilence } from './postable.js';

/** `/api/v2/silences` and `/api/v2/silence/{id}`. */
@Controller('api/v2')
export class AlertmanagerSilencesController {
  constructor(
    private readonly clock: Clock,
    private readonly silences: SilencesService,
  ) {}

  @Get('silences')
  list(@Query() query: AlertQuery): GettableSilence[] {
    return answering(() => {
      const filter = readFilter(query.filter);
      return this.silences
        .list()
        .filter((silence) => filter.every((wanted) => fits(silence, wanted)))
        .map(gettableSilence);
    });
  }

  /** The one who makes it is the account that asks; `createdBy` is kept as a name that the account speaks for. */
  @Post('silences')
  @HttpCode(200)
  @Needs('responder')
  post(@Body() body: unknown, @Who() { identity }: Asker): { silenceID: string } {
    return answering(() => {
      const { id, draft } = readSilence(body, this.clock.nowMs());
      const createdBy =
        draft.createdBy && draft.createdBy !== identity.name ? `${draft.createdBy} (${identity.name})` : identity.name;
      return { silenceID: this.silences.put({ ...draft, createdBy }, id).id };
    });
  }

  @Get('silence/:id')
  get(@Param('id') id: string): GettableSilence {
    const silence = this.silences.get(id);
    if (!silence) throw new HttpException(`there is no silence ${id}`, 404);
    return gettableSilence(silence);
  }

  /** One that has ended already is ended, as Alertmanager answers. */
  @Delete('silence/:id')
  @HttpCode(200)
  @Needs('responder')
  expire(@Param('id') id: string, @Who() { identity, address }: Asker): void {
    if (this.silences.get(id)?.state === 'expired') return;
    answering(() => this.silences.expire(id, { name: identity.name, address }, randomUUID()));
  }
}

/** As in Alertmanager: a filter finds silences that have that very matcher. */
function fits(silence: SilenceView, wanted: MatcherSpec): boolean {
  return silence.matchers.some(
    ({ name, operator, value }) => name === wanted.name && operator === wanted.operator && value === wanted.value,
  );
}
