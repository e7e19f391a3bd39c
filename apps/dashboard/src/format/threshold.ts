/** The comparison that makes a rule's expression fire: what is measured, how it is compared, with what. */
export interface Threshold {
  /** The measured part, as a chart shows it. */
  readonly measured: string;
  readonly operator: '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly value: number;
}

const TAIL = /^(>=|<=|==|!=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/i;

/**
 * Reads the threshold of an expression whose outermost operator compares with a plain number at its end, such as
 * `avg(x) * 100 > 80`. What follows with `and` or `unless` only picks among its results, so it is left out. Anything else
 * (`or`, two vectors, `bool`) has none, since a line in a chart would mislead.
 */
export function thresholdOf(expr: string): Threshold | null {
  const left = leftOperand(expr);
  const at = left === null ? -1 : lastComparison(left);
  if (left === null || at < 0) return null;
  const match = TAIL.exec(left.slice(at));
  const measured = left.slice(0, at).trim();
  if (!match || measured === '') return null;
  return { measured, operator: match[1] as Threshold['operator'], value: Number(match[2]) };
}

/** What stands before the first `and` or `unless` outside brackets; null when there is an `or`. */
function leftOperand(expr: string): string | null {
  const outside = outermost(expr);
  if (/\bor\b/i.test(outside)) return null;
  const at = outside.search(/\b(and|unless)\b/i);
  return at < 0 ? expr : expr.slice(0, at);
}

/** Offset of the last comparison operator outside brackets and quotes, or -1. */
function lastComparison(expr: string): number {
  let found = -1;
  scan(expr, (i, depth) => {
    if (depth > 0 || !/[<>=!]/.test(expr[i] ?? '') || /[<>=!]/.test(expr[i - 1] ?? '')) return;
    found = i;
  });
  return found;
}

/** The expression with everything inside brackets and quotes blanked, so that offsets stay. */
function outermost(expr: string): string {
  const text = new Array<string>(expr.length).fill(' ');
  scan(expr, (i, depth) => {
    if (depth === 0) text[i] = expr[i] ?? ' ';
  });
  return text.join('');
}

/** Visits every character outside quotes with the depth of brackets around it. */
function scan(expr: string, visit: (index: number, depth: number) => void): void {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < expr.length; i++) {
    const char = expr[i] ?? '';
    if (quote !== '') {
      if (char === '\\' && quote !== '`') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') {
      quote = char;
    } else {
      if (char === ')' || char === ']' || char === '}') depth--;
      visit(i, depth);
      if (char === '(' || char === '[' || char === '{') depth++;
    }
  }
}
