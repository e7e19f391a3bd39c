import { Injectable } from '@nestjs/common';
import { SelfMetrics } from '../model/self-metrics.js';
import { LiveRuleQuery } from './live-rule-query.js';
import { RulesService } from './rules.service.js';

/** In: the groups. Out: their state at /metrics. Owns: the gauges. */
@Injectable()
export class RuleMetrics {
  constructor(metrics: SelfMetrics, rules: RulesService, query: LiveRuleQuery) {
    metrics.gauge({
      name: 'opsroom_rules_live',
      help: 'Rules that are evaluated from live plans; the others are evaluated from the store each time.',
      collect: (gauge) => gauge.set(query.following.rules),
    });
    metrics.gauge({
      name: 'opsroom_rules_live_series',
      help: 'Series that live plans of rules read, a series of several rules counted for each.',
      collect: (gauge) => gauge.set(query.following.series),
    });
    metrics.gauge({
      name: 'opsroom_rule_group_duration_seconds',
      help: 'How long the last evaluation of a rule group took.',
      labelNames: ['file', 'group'],
      collect: (gauge) => {
        gauge.reset();
        for (const { file, group, durationMs } of rules.status()) gauge.set({ file, group }, durationMs / 1000);
      },
    });
    metrics.gauge({
      name: 'opsroom_rule_group_last_evaluation_timestamp_seconds',
      help: 'When a rule group was last evaluated; 0 before the first time.',
      labelNames: ['file', 'group'],
      collect: (gauge) => {
        gauge.reset();
        for (const { file, group, lastEvaluationMs } of rules.status())
          gauge.set({ file, group }, lastEvaluationMs / 1000);
      },
    });
    metrics.gauge({
      name: 'opsroom_rules_failing',
      help: 'Rules of a group whose last evaluation failed.',
      labelNames: ['file', 'group'],
      collect: (gauge) => {
        gauge.reset();
        for (const { file, group, failing } of rules.status()) gauge.set({ file, group }, failing);
      },
    });
  }
}
