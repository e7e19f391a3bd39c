/** Prometheus's error types and the HTTP status that goes with each. */
const STATUS = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  unavailable: 503,
  not_found: 404,
  not_acceptable: 406,
} as const;

export type PrometheusErrorType = keyof typeof STATUS;

/** A request of Prometheus's API that fails as Prometheus lets it fail. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';

  constructor(
    readonly type: PrometheusErrorType,
    message: string,
  ) {
    super(message);
  }

  get status(): number {
    return STATUS[this.type];
  }
}

/** As Prometheus words it: `invalid parameter "time": …`. */
export const invalidParameter = (name: string, message: string): PrometheusError =>
  new PrometheusError('bad_data', `invalid parameter "${name}": ${message}`);

export const prometheusErrorBody = (error: PrometheusError): string =>
  JSON.stringify({ status: 'error', errorType: error.type, error: error.message });
