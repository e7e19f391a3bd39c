import type { BackTest, RuleFileView, RuleProblem } from '@opsroom/contracts';
import { RuleEditorService } from '../../rules/editor/rule-editor.service.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import type { OpsroomSocket } from './socket-types.js';

type AlertsSocket = OpsroomSocket<'/alerts'>;

/** In: requests on /alerts about rule files. Out: their replies. Owns: nothing. */
@NamespaceGateway('/alerts')
export class RulesGateway {
  constructor(private readonly editor: RuleEditorService) {}

  @on('/alerts', 'rules:files')
  files(): { files: readonly RuleFileView[] } {
    return { files: this.editor.files() };
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
  write(_socket: AlertsSocket, input: { name: string; text: string; version: string }): { file: RuleFileView } {
    return { file: this.editor.write(input.name, input.text, input.version) };
  }
}
