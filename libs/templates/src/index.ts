export { FunctionError, TemplateError, type TextPosition } from './errors.js';
export { alertmanagerFunctions } from './functions/alertmanager.js';
export {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './functions/humanize.js';
export { prometheusFunctions, type PrometheusTemplateContext, type QueryElement } from './functions/prometheus.js';
export { durationValue, formatTime, timeOf, timeValue, ZERO_TIME_MS } from './functions/time.js';
export { defaultLimits, type TemplateLimits } from './run/execute.js';
export { formatFloat } from './run/print.js';
export { Template } from './template.js';
export {
  type FunctionTable,
  GoFunction,
  type GoList,
  GoMap,
  GoNamed,
  GoStruct,
  type GoValue,
  type ParameterType,
  stringMap,
} from './values.js';
