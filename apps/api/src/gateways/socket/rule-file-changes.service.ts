import { Injectable } from '@nestjs/common';
import type { AccountAuditKind, RuleFileView } from '@opsroom/contracts';
import { AccountAudit } from '../../accounts/account-audit.js';
import type { Actor } from '../../alerts/request-log.js';
import { Clock } from '../../model/clock.js';
import { RuleEditorService } from '../../rules/editor/rule-editor.service.js';

/** In: changes of rule files, with who makes them. Out: the files as they are then. Owns: each change stands in the audit. */
@Injectable()
export class RuleFileChanges {
  constructor(
    private readonly clock: Clock,
    private readonly editor: RuleEditorService,
    private readonly audit: AccountAudit,
  ) {}

  write(input: { name: string; text: string; version: string }, actor: Actor): RuleFileView {
    const { file, changes } = this.editor.write(input.name, input.text, input.version);
    this.record('rules_changed', input.name, changes === '' ? 'no rule is different' : changes, actor);
    return file;
  }

  create(input: { name: string; text: string }, actor: Actor): RuleFileView {
    const { file, changes } = this.editor.create(input.name, input.text);
    this.record('rules_created', input.name, changes, actor);
    return file;
  }

  remove(input: { name: string; version: string }, actor: Actor): void {
    this.record('rules_removed', input.name, this.editor.remove(input.name, input.version).changes, actor);
  }

  private record(kind: AccountAuditKind, subject: string, detail: string, actor: Actor): void {
    this.audit.append({
      atMs: this.clock.nowMs(),
      kind,
      actor: actor.name,
      subject,
      address: actor.address ?? '',
      detail,
    });
  }
}
