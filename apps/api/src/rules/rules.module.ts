import { Module } from '@nestjs/common';
import { StorageModule } from '../storage/storage.module.js';
import { RuleEditorService } from './editor/rule-editor.service.js';
import { RuleQuery } from './evaluation/rule-query.js';
import { LiveRuleQuery } from './live-rule-query.js';
import { RuleEvaluations } from './rule-evaluations.js';
import { RuleMetrics } from './rule-metrics.js';
import { RulesService } from './rules.service.js';

/** Rule files, their evaluation over the store, and what it gives. */
@Module({
  imports: [StorageModule],
  providers: [
    RuleEditorService,
    RuleMetrics,
    RulesService,
    LiveRuleQuery,
    { provide: RuleQuery, useExisting: LiveRuleQuery },
    { provide: RuleEvaluations, useExisting: RulesService },
  ],
  exports: [RuleEditorService, RulesService, RuleEvaluations],
})
export class RulesModule {}
