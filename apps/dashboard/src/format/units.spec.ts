import { formatValue, unitOfExpression, type Unit } from './units.js';

describe('formatValue', () => {
  it.each<[number | null, Unit, string]>([
    [null, 'none', '–'],
    [NaN, 'percent', 'NaN'],
    [Infinity, 'none', '+∞'],
    [-Infinity, 'none', '−∞'],
    [0, 'none', '0'],
    [0.00012345, 'none', '0.000123'],
    [0.5, 'none', '0.5'],
    [1.006, 'none', '1.01'],
    [12.34, 'none', '12.3'],
    [999.4, 'none', '999'],
    [999.9, 'none', '1 k'],
    [12_345, 'none', '12.3 k'],
    [-1500, 'none', '−1.5 k'],
    [-0.0000001, 'none', '0'],
    [1_300_000_000, 'bytes', '1.21 GiB'],
    [1023, 'bytes', '1023 B'],
    [1536, 'bytesPerSecond', '1.5 KiB/s'],
    [87.04, 'percent', '87 %'],
    [0.8704, 'ratio', '87 %'],
    [0.34, 'seconds', '340 ms'],
    [0.0000042, 'seconds', '4.2 µs'],
    [90, 'seconds', '90 s'],
    [5400, 'seconds', '90 min'],
    [86_400, 'seconds', '24 h'],
    [864_000, 'seconds', '10 d'],
    [0, 'seconds', '0 s'],
    [1234, 'perSecond', '1.23 k/s'],
  ])('prints %d as %s: %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('unitOfExpression', () => {
  it.each<[string, Unit]>([
    ['100 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m])) * 100', 'percent'],
    ['node_memory_MemAvailable_bytes', 'bytes'],
    ['rate(node_network_receive_bytes_total[1m])', 'bytesPerSecond'],
    ['node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', 'ratio'],
    ['histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[5m]))', 'seconds'],
    ['rate(node_cpu_seconds_total[1m])', 'none'],
    ['process_start_time_seconds', 'seconds'],
    ['rate(http_requests_total[1m])', 'perSecond'],
    ['node_load1', 'none'],
    ['cache_hit_ratio', 'ratio'],
    ['instance:node_cpu_utilisation:ratio', 'ratio'],
    ['node_load5 / on (instance) group_left () count by (instance) (node_cpu_seconds_total{mode="idle"})', 'none'],
    ['rate(errors_total[5m]) / rate(requests_total[5m])', 'none'],
    ['node_memory_MemFree_bytes{job="a"} / node_memory_MemTotal_bytes', 'ratio'],
    ['probe_ssl_earliest_cert_expiry - time()', 'seconds'],
    ['time() - timestamp(up)', 'seconds'],
    ['node_memory_MemFree_bytes / 1024', 'none'],
    ['up{job="a_bytes"}', 'none'],
  ])('reads %s as %s', (expr, unit) => {
    expect(unitOfExpression(expr)).toBe(unit);
  });
});
