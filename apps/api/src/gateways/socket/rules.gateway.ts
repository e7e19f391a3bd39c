import type { BackTest, RuleFilePlaces, RuleFileView, RuleProblem } from '@opsroom/contracts';
import { RuleEditorService } from '../../rules/editor/rule-editor.service.js';
import { actorOf } from './actor.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import { RuleFileChanges } from './rule-file-changes.service.js';
import type { OpsroomSocket } from './socket-types.js';

type AlertsSocket = OpsroomSocket<'/alerts'>;

/** In: requests on /alerts about rule files. Out: their replies. Owns: nothing. */
@NamespaceGateway('/alerts')
export class RulesGateway {
  constructor(
    private readonly editor: RuleEditorService,
    private readonly changes: RuleFileChanges,
  ) {}

  @on('/alerts', 'rules:files')
  files(): { files: readonly RuleFileView[]; newFiles: RuleFilePlaces } {
    return { files: this.editor.files(), newFiles: this.editor.newFiles() };
  }

  @on('/alerts', 'rules:check')
  check(_socket: AlertsSocket, input: { name: string; text: string }): { problems: readonly RuleProblem[] } {
    return { problems: this.editor.check(input.name, input.text) };
  }

  @on('/alerts', 'rules:backtest', { needs: 'responder' })
  backTest(_socket: AlertsSocket, input: { name: string; text: string; windowMs: number }): Promise<BackTest> {
    return this.editor.backTest(input.name, input.text, input.windowMs);
  }

  @on('/alerts', 'rules:write', { needs: 'administrator' })
  write(socket: AlertsSocket, input: { name: string; text: string; version: string }): { file: RuleFileView } {
    return { file: this.changes.write(input, actorOf(socket)) };
  }

  @on('/alerts', 'rules:create', { needs: 'administrator' })
  create(socket: AlertsSocket, input: { name: string; text: string }): { file: RuleFileView } {
    return { file: this.changes.create(input, actorOf(socket)) };
  }

  @on('/alerts', 'rules:remove', { needs: 'administrator' })
  remove(socket: AlertsSocket, input: { name: string; version: string }): void {
    this.changes.remove(input, actorOf(socket));
  }
}
