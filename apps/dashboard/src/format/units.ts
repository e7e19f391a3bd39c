/** What a number counts; decides how people read it. */
export type Unit = 'none' | 'bytes' | 'bytesPerSecond' | 'percent' | 'ratio' | 'seconds' | 'perSecond';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A value as people write it: `1.2 GiB`, `340 ms`, `87 %`, `12.3 k`; three significant digits, no trailing zeros of a fraction. */
export function formatValue(value: number | null, unit: Unit = 'none'): string {
  if (value === null) return '–';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '−∞';
  switch (unit) {
    case 'bytes':
      return scaled(value, 1024, BINARY);
    case 'bytesPerSecond':
      return `${scaled(value, 1024, BINARY)}/s`;
    case 'percent':
      return `${digits(value)} %`;
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'seconds':
      return formatSeconds(value);
    case 'perSecond':
      return `${scaled(value, 1000, DECIMAL)}/s`;
    default:
      return scaled(value, 1000, DECIMAL);
  }
}

/** Guesses what an expression's value counts from the names in it, following Prometheus's naming rules. */
export function unitOfExpression(expr: string): Unit {
  const rated = /\b(rate|irate|deriv)\s*\(/.test(expr);
  if (/\*\s*100\b|\b100\s*\*|\b100\s*-/.test(expr)) return 'percent';
  if (/[_:]ratio\b/.test(expr)) return 'ratio';
  if (/_percent(age)?\b/.test(expr)) return 'percent';
  const bare = expr.replace(/\{[^}]*\}/g, '');
  const names = bare.match(/[a-zA-Z_:][\w:]*/g) ?? [];
  const divided = /[)\w\]]\s*\/\s*[(\w]/.test(bare);
  const count = (suffix: RegExp): number => names.filter((name) => suffix.test(name)).length;
  const bytes = count(/_bytes(_total|_sum)?$/);
  if (bytes > 0 && divided) return bytes > 1 ? 'ratio' : 'none';
  if (bytes > 0) return rated ? 'bytesPerSecond' : 'bytes';
  if (/-\s*time\(\)|\btime\(\)\s*-/.test(bare)) return 'seconds';
  if (!divided && count(/_seconds(_total|_sum|_bucket)?$/) > 0) {
    return rated && !expr.includes('histogram_quantile') ? 'none' : 'seconds';
  }
  return rated && !divided ? 'perSecond' : 'none';
}

function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-6) return `${digits(value * 1e9)} ns`;
  if (size < 1e-3) return `${digits(value * 1e6)} µs`;
  if (size < 1) return `${digits(value * 1e3)} ms`;
  if (size < 120) return `${digits(value)} s`;
  if (size < 7200) return `${digits(value / 60)} min`;
  if (size < 172_800) return `${digits(value / 3600)} h`;
  return `${digits(value / 86_400)} d`;
}

function scaled(value: number, base: number, names: readonly string[]): string {
  let size = Math.abs(value);
  let power = 0;
  // 999.5 would print as 1000, so it already takes the next name.
  while (size >= (base === 1000 ? 999.5 : base) && power < names.length - 1) {
    size /= base;
    power++;
  }
  const name = names[power] ?? '';
  const number = digits(Math.sign(value) * size);
  return name === '' ? number : `${number} ${name}`;
}

/** Three significant digits below a thousand, all digits before the point above; the minus sign is a true one. */
function digits(value: number): string {
  const size = Math.abs(value);
  const places =
    size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  const fixed = size.toFixed(places);
  const trimmed = fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
  return value < 0 && Number(trimmed) !== 0 ? `−${trimmed}` : trimmed;
}
