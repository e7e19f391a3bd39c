import type { Role } from '@opsroom/contracts';
import { AdministrationService } from '../../accounts/administration.service.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';

/** In: who can be assigned and mentioned? Out: names and roles of all accounts, nothing else of them. Owns: nothing. */
@NamespaceGateway('/alerts')
export class PeopleGateway {
  constructor(private readonly accounts: AdministrationService) {}

  @on('/alerts', 'people:list')
  list(): { people: readonly { name: string; role: Role }[] } {
    return { people: this.accounts.listAccounts().map(({ name, role }) => ({ name, role })) };
  }
}
