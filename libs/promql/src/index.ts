export * from './errors.js';
export * from './evaluate/evaluate.js';
export * from './evaluate/options.js';
export * from './evaluate/result.js';
export { type HistogramBucket, histogramBuckets } from './histogram/buckets.js';
export * from './histogram/float-histogram.js';
export { printHistogram } from './histogram/print.js';
export { hintWhenStored } from './histogram/reset.js';
export * from './model/labels.js';
export * from './model/matcher.js';
export * from './model/queryable.js';
export * from './model/stale.js';
export { resolveDuration } from './plan/durations.js';
export { explain } from './plan/explain.js';
export * from './plan/nodes.js';
export { createPlan, type PlanOptions } from './plan/plan.js';
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
//   live/live-query.js   createLiveQuery(plan, queryable, options): LiveQuery (incremental; equals evaluateInstant bit for bit)
