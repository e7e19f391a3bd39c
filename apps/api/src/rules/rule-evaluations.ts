import type { Observable } from 'rxjs';
import type { Evaluation } from '../model/evaluation.js';

/** What alerts need of the rules; `RulesService` is it. */
export abstract class RuleEvaluations {
  /** Every run of every alerting rule. A rule that is gone after a reload has one last run that selects nothing. */
  abstract readonly evaluations$: Observable<Evaluation>;
  /** Ids of the alerting rules that exist now. */
  abstract alertingRuleIds(): ReadonlySet<string>;
}
