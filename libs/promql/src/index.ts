export * from './errors.js';
export * from './evaluate/options.js';
export * from './evaluate/result.js';
export * from './histogram/float-histogram.js';
export * from './model/labels.js';
export * from './model/matcher.js';
export * from './model/queryable.js';
export * from './model/stale.js';
export * from './syntax/ast.js';
// Planned surface, one file each:
//   syntax/parse.js      parseExpr(text, {experimental}): Expr            throws PromqlSyntaxError
//   syntax/print.js      printExpr(expr): string  (canonical)             prettyExpr(expr): string (format_query)
//   syntax/matchers.js   createMatcher(name, operator, value): Matcher    parseSelector(text): Matcher[]
//   syntax/duration.js   parseDuration('1h30m'): number (ms)              printDuration(ms): string
//   plan/plan.js         createPlan(expr, options): Plan                  explain(plan): string
//   evaluate/evaluate.js evaluateRange(plan, queryable, {startMs, endMs, stepMs}, options): EvaluationResult
//                        evaluateInstant(plan, queryable, timeMs, options): EvaluationResult
//   live/live-query.js   createLiveQuery(plan, queryable, options): LiveQuery (incremental; equals evaluateInstant bit for bit)
