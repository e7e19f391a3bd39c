import { Controller, Get, Req } from '@nestjs/common';
import { hashText } from '@opsroom/contracts';
import type { FastifyRequest } from 'fastify';
import { type RunningGroup, RulesService } from '../../../rules/rules.service.js';
import { Json, success } from './answer.js';
import { Parameters } from './parameters.js';
import { invalidParameter } from './prometheus-error.js';
import { alertJson, groupJson, ruleJson } from './rules-json.js';
import { readSelectors } from './selectors.js';

/** Rules with their state, and the alerts that they hold active. */
@Controller('api/v1')
export class RulesController {
  constructor(private readonly rulesService: RulesService) {}

  @Get('rules')
  @Json()
  rules(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    const kind = readKind(parameters);
    const names = new Set(parameters.all('rule_name[]'));
    const groupNames = new Set(parameters.all('rule_group[]'));
    const files = new Set(parameters.all('file[]'));
    const selectors = readSelectors(parameters);
    const withAlerts = !parameters.flag('exclude_alerts');

    const { page, nextToken } = paged(
      this.rulesService
        .groups()
        .filter(({ group }) => groupNames.size === 0 || groupNames.has(group.name))
        .filter(({ group }) => files.size === 0 || files.has(group.file)),
      parameters,
    );
    const filtered = kind !== undefined || names.size > 0 || selectors.length > 0;
    const groups = page.flatMap((running) => {
      const rules = running.rules.filter(
        ({ rule }) =>
          (kind === undefined || rule.kind === kind) &&
          (names.size === 0 || names.has(rule.name)) &&
          (selectors.length === 0 ||
            selectors.some((matchers) =>
              matchers.every((matcher) => matcher.matches(rule.labels[matcher.name] ?? '')),
            )),
      );
      // A group is left out when filters leave nothing of it.
      if (rules.length === 0 && filtered) return [];
      return [
        groupJson(
          running,
          rules.map((state) => ruleJson(state, withAlerts)),
        ),
      ];
    });
    return success({ groups, ...(nextToken !== undefined && { groupNextToken: nextToken }) });
  }

  @Get('alerts')
  @Json()
  alerts(): string {
    const active = this.rulesService
      .groups()
      .flatMap(({ rules }) => rules.flatMap((state) => [...state.active.values()]));
    return success({ alerts: active.map(alertJson) });
  }
}

function readKind(parameters: Parameters): 'alerting' | 'recording' | undefined {
  const type = parameters.get('type').toLowerCase();
  switch (type) {
    case '':
      return undefined;
    case 'alert':
      return 'alerting';
    case 'record':
      return 'recording';
    default:
      throw invalidParameter('type', `not supported value ${JSON.stringify(type)}`);
  }
}

/** `group_limit` groups from the one that `group_next_token` names, and the token of the one after them. */
function paged(
  groups: readonly RunningGroup[],
  parameters: Parameters,
): { readonly page: readonly RunningGroup[]; readonly nextToken: string | undefined } {
  const limitText = parameters.get('group_limit');
  const token = parameters.get('group_next_token');
  if (token !== '' && limitText === '') {
    throw invalidParameter('group_limit', 'group_limit needs to be present in order to paginate over the groups');
  }
  if (limitText === '') return { page: groups, nextToken: undefined };
  const limit = /^\d+$/.test(limitText) ? Number(limitText) : NaN;
  if (!(limit > 0)) throw invalidParameter('group_limit', 'group_limit must be a positive number');
  const start = token === '' ? 0 : groups.findIndex((running) => tokenOf(running) === token);
  if (start < 0) throw invalidParameter('group_next_token', 'invalid group_next_token');
  const next = groups.at(start + limit);
  const nextToken = next && start + limit < groups.length ? tokenOf(next) : undefined;
  return { page: groups.slice(start, start + limit), nextToken };
}

const tokenOf = ({ group }: RunningGroup): string => hashText(`${group.file};${group.name}`);
