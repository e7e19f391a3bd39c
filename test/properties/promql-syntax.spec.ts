import { canonicalExpr, canonicalTree, parseExpr, prettyExpr, printExpr, PromqlSyntaxError } from '@opsroom/promql';
import fc from 'fast-check';
import { arbitraryExpr, shape } from './promql-expr.fixture.js';

const experimental = { experimental: true };

describe('printing and parsing', () => {
  it('gives back every tree that was printed', () => {
    fc.assert(
      fc.property(arbitraryExpr, (expr) => {
        const tree = canonicalTree(expr);
        expect(shape(parseExpr(printExpr(tree), experimental))).toEqual(shape(tree));
      }),
      { numRuns: 600 },
    );
  });

  it('prints the same text after parsing it, on one line and over several', () => {
    fc.assert(
      fc.property(arbitraryExpr, (expr) => {
        const text = canonicalExpr(expr);
        expect(canonicalExpr(parseExpr(text, experimental))).toBe(text);
        expect(printExpr(parseExpr(prettyExpr(parseExpr(text, experimental)), experimental))).toBe(
          printExpr(parseExpr(text, experimental)),
        );
      }),
      { numRuns: 250 },
    );
  });

  it('does not depend on comments, line breaks and letter case of keywords', () => {
    fc.assert(
      fc.property(arbitraryExpr, fc.constantFrom('\n', ' # "comment" )\n', '\t', '\r\n'), (expr, gap) => {
        const text = canonicalExpr(expr);
        // Only spaces outside quotes are gaps.
        const spread = text.split(/("(?:[^"\\]|\\.)*")/).map((part, i) => (i % 2 ? part : part.replaceAll(' ', gap)));
        expect(canonicalExpr(parseExpr(spread.join(''), experimental))).toBe(text);
      }),
      { numRuns: 150 },
    );
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    ...'( ) [ ] { } , : = == != =~ !~ < <= > >= </ >/ + - * / % ^ @ " \' ` # \\ . \n'.split(' '),
    ...'foo sum rate by without on ignoring group_left group_right bool and or unless atan2 offset fill'.split(' '),
    ...'start end step range min_of max_of anchored smoothed inf nan topk info time'.split(' '),
    ...'0 1 1. .5 0x1f 1e3 1_000 5m 1h30m 1d1w "a" \'b\' `c` "\\x" {a="b"} [5m] [5m:] é \u{1f600} \u0000 \ud800'.split(
      ' ',
    ),
  );
  const soup = fc
    .array(pieces, { maxLength: 40 })
    .chain((parts) => fc.constantFrom('', ' ').map((gap) => parts.join(gap)));

  function outcome(text: string): unknown {
    try {
      parseExpr(text, experimental);
      return 'parsed';
    } catch (error) {
      return error;
    }
  }

  it('is parsed or refused with a place inside it, and never anything else', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const result = outcome(text);
        if (result === 'parsed') return;
        expect(result).toBeInstanceOf(PromqlSyntaxError);
        const { range } = result as PromqlSyntaxError;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1200 },
    );
  });

  it('that is a damaged expression is refused the same way', () => {
    fc.assert(
      fc.property(arbitraryExpr, fc.nat(), fc.nat(20), pieces, (expr, at, length, piece) => {
        const text = canonicalExpr(expr);
        const cut = at % (text.length + 1);
        const result = outcome(text.slice(0, cut) + piece + text.slice(cut + length));
        if (result !== 'parsed') expect(result).toBeInstanceOf(PromqlSyntaxError);
      }),
      { numRuns: 800 },
    );
  });

  it.each([
    ['parentheses', '('.repeat(100_000)],
    ['balanced parentheses', '('.repeat(5000) + 'a' + ')'.repeat(5000)],
    ['signs', '-'.repeat(100_000) + 'a'],
    ['a long sum', 'a + '.repeat(100_000) + 'a'],
    ['powers', 'a ^ '.repeat(1900) + 'a'],
    ['numbers', '1'.repeat(100_000)],
    ['calls', 'abs('.repeat(5000) + 'a' + ')'.repeat(5000)],
    ['ranges', 'a' + '[5m:]'.repeat(5000)],
    ['offsets', 'a' + ' offset 5m'.repeat(20_000)],
    ['matchers', `a{${'b="c",'.repeat(20_000)}`],
    ['an unended string', `a{b="${'\\'.repeat(100_000)}`],
    ['strings', '"a" '.repeat(20_000)],
    ['names', 'a '.repeat(50_000)],
    ['regular expressions', `a{b=~"${'(a*)*'.repeat(2000)}"}`],
    ['alternatives', `a{b=~"${'(a|b|c|d)'.repeat(2000)}"}`],
  ])('is answered in bounded time when it is made of %s', (_name, text) => {
    const before = performance.now();
    const result = outcome(text);
    expect(result === 'parsed' || result instanceof PromqlSyntaxError).toBe(true);
    // A hundred times what the slowest takes: quadratic reading would be far beyond it.
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('may be a chain as long as the bound allows', () => {
    const text = Array.from({ length: 900 }, (_, i) => `a${i}`).join(' + ');
    expect(printExpr(parseExpr(text))).toBe(text);
    expect(canonicalExpr(parseExpr(text))).toBe(text);
  });
});
