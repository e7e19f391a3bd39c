import type { PartialParse, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

const strict = parser.configure({ strict: true });

/** What of @lezer/lr 1.4's Parse is reset here; a later version without the field is none the worse. */
interface Reductions {
  bigReductionCount?: number;
}

/**
 * The grammar package's tree of a text. Throws SyntaxError with "No parse at <position>" where it is none.
 * The package gives up chains of more than 300 operators to keep its tree shallow; the scanner bounds their number, so
 * the count that makes it do so is held at zero.
 */
export function parseStrict(text: string): Tree {
  const parse: PartialParse & Reductions = strict.startParse(text);
  for (;;) {
    parse.bigReductionCount = 0;
    const tree = parse.advance();
    if (tree) return tree;
  }
}
