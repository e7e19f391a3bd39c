export * from './errors.js';
export * from './evaluate/options.js';
export * from './evaluate/result.js';
export * from './histogram/float-histogram.js';
export * from './model/labels.js';
export * from './model/matcher.js';
export * from './model/queryable.js';
export * from './model/stale.js';
export * from './syntax/ast.js';
export * from './syntax/canonical.js';
export * from './syntax/check.js';
export * from './syntax/duration.js';
export * from './syntax/functions.js';
export * from './syntax/json.js';
export * from './syntax/matchers.js';
export * from './syntax/parse.js';
export * from './syntax/pretty.js';
export * from './syntax/print.js';
// Planned surface, one file each:
//   plan/plan.js         createPlan(expr, options): Plan                  explain(plan): string
//   evaluate/evaluate.js evaluateRange(plan, queryable, {startMs, endMs, stepMs}, options): EvaluationResult
//                        evaluateInstant(plan, queryable, timeMs, options): EvaluationResult
//   live/live-query.js   createLiveQuery(plan, queryable, options): LiveQuery (incremental; equals evaluateInstant bit for bit)
