import { PromqlExecutionError } from '../errors.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';
import type { BinaryNode } from '../plan/nodes.js';
import type { VectorMatching } from '../syntax/ast.js';
import { ABSENT, Block, FLOAT } from './block.js';
import { collect, DUPLICATE_LABELS } from './duplicates.js';
import { arithmetic, changesMeaning, comparison, isComparison, mixedOperation } from './element.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { LastWords } from './last-words.js';
import { printLabels, withoutMetadata } from './metadata-labels.js';
import { quote } from './numbers.js';
import { matchingLabels, matchingOf, signatures } from './signatures.js';

/**
 * An arithmetic or comparison operator between two vectors. Series are matched once for all steps; only what is present
 * differs from step to step. Below, `many` is the side that may have several series for one of the other side, `one`: the
 * right side of a one-to-one match, and the left one with group_right.
 */
export function* vectorPairStream(evaluation: Evaluation, node: BinaryNode, grid: Grid): BlockStream {
  const left = yield* collect(evaluation, evaluation.vector(node.left, grid), grid.steps);
  const right = yield* collect(evaluation, evaluation.vector(node.right, grid), grid.steps);
  const swapped = node.matching?.card === 'one-to-many';
  const pairing = new Pairing(evaluation, node, swapped ? right : left, swapped ? left : right, swapped, grid);
  const result = pairing.run();
  evaluation.hold(-left.cells - right.cells);
  if (evaluation.work(left.cells + right.cells)) yield undefined;
  if (result.rows > 0) yield result;
}

/** Stands for a series of the one side that is filled in. */
const FILLED = -1;

class Pairing {
  private readonly matching: VectorMatching;
  private readonly manyGroups: Int32Array;
  private readonly oneGroups: Int32Array;
  private readonly manyOf: number[][] = [];
  private readonly oneOf: number[][] = [];
  /** 1 at steps where there is anything to match at all. */
  private readonly active: Uint8Array;
  private readonly result: Block;
  private readonly rowByKey = new Map<string, number>();
  /** The many-side rows that went into each row of the result, FILLED for those that were filled in. */
  private readonly sources: number[][] = [];
  private readonly words: LastWords;
  private readonly steps: number;

  constructor(
    private readonly evaluation: Evaluation,
    private readonly node: BinaryNode,
    private readonly many: Block,
    private readonly one: Block,
    private readonly swapped: boolean,
    grid: Grid,
  ) {
    this.steps = grid.steps;
    this.matching = matchingOf(node);
    const signed = signatures(many.labels, one.labels, this.matching);
    this.manyGroups = signed.left;
    this.oneGroups = signed.right;
    for (let row = 0; row < many.rows; row++) (this.manyOf[signed.left[row]] ??= []).push(row);
    for (let row = 0; row < one.rows; row++) (this.oneOf[signed.right[row]] ??= []).push(row);
    this.active = this.activeSteps();
    this.result = new Block(grid.steps, many.rows);
    this.words = new LastWords(evaluation.annotations);
  }

  run(): Block {
    this.refuseManyToMany();
    if (this.matching.card === 'one-to-one') this.refuseSeveralMatches();
    for (let row = 0; row < this.many.rows; row++) this.matchRow(row);
    if (this.matching.fillLeft !== undefined) this.fillMany(this.matching.fillLeft);
    this.words.speak();
    return this.withoutEmpty();
  }

  private activeSteps(): Uint8Array {
    const { fillLeft, fillRight } = this.matching;
    const filling = fillLeft !== undefined || fillRight !== undefined;
    const presence = (block: Block): Uint8Array => {
      const found = new Uint8Array(this.steps);
      let missing = this.steps;
      for (let row = 0; row < block.rows && missing > 0; row++) {
        const cell = row * this.steps;
        for (let step = 0; step < this.steps; step++) {
          if (found[step] === 1 || block.present[cell + step] === ABSENT) continue;
          found[step] = 1;
          missing--;
        }
      }
      return found;
    };
    const many = presence(this.many);
    const one = presence(this.one);
    return many.map((there, step) => (filling ? there | one[step] : there & one[step]));
  }

  /** On the one side no two series of a group may be present at the same step. */
  private refuseManyToMany(): void {
    for (const rows of this.oneOf) {
      if (rows === undefined || rows.length < 2) continue;
      for (let step = 0; step < this.steps; step++) {
        if (this.active[step] === 0) continue;
        const present = rows.filter((row) => this.one.present[row * this.steps + step] !== ABSENT);
        if (present.length < 2) continue;
        const print = (labels: Labels): string => printLabels(labels, quote);
        const group = print(matchingLabels(this.one.labels[present[1]], this.matching));
        const pair = `[${print(this.one.labels[present[1]])}, ${print(this.one.labels[present[0]])}]`;
        const side = this.swapped ? 'left' : 'right';
        throw new PromqlExecutionError(
          `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ${pair}` +
            ';many-to-many matching not allowed: matching labels must be unique on one side',
        );
      }
    }
  }

  private refuseSeveralMatches(): void {
    for (const rows of this.manyOf) {
      if (rows === undefined || rows.length < 2) continue;
      for (let step = 0; step < this.steps; step++) {
        if (rows.filter((row) => this.matches(row, step)).length < 2) continue;
        throw new PromqlExecutionError(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      }
    }
  }

  /** True if the many-side row has a partner, or a stand-in for one, at the step. */
  private matches(row: number, step: number): boolean {
    if (this.many.present[row * this.steps + step] === ABSENT) return false;
    return this.matching.fillRight !== undefined || this.partnerAt(this.manyGroups[row], step) !== FILLED;
  }

  /** The one-side row of the group that is present at the step; FILLED if none is. */
  private partnerAt(group: number, step: number): number {
    const rows = this.oneOf[group];
    if (rows === undefined) return FILLED;
    for (const row of rows) if (this.one.present[row * this.steps + step] !== ABSENT) return row;
    return FILLED;
  }

  private matchRow(row: number): void {
    const rows = this.oneOf[this.manyGroups[row]];
    const fill = this.matching.fillRight;
    if (
      rows?.length === 1 &&
      fill === undefined &&
      this.many.histograms === undefined &&
      this.one.histograms === undefined
    ) {
      this.matchFloats(row, rows[0]);
      return;
    }
    if (rows === undefined && fill === undefined) return;
    const targets = new Map<number, number>();
    for (let step = 0; step < this.steps; step++) {
      const cell = row * this.steps + step;
      if (this.many.present[cell] === ABSENT) continue;
      const partner = this.partnerAt(this.manyGroups[row], step);
      if (partner === FILLED && fill === undefined) continue;
      let target = targets.get(partner);
      if (target === undefined) {
        const labels =
          partner === FILLED ? matchingLabels(this.many.labels[row], this.matching) : this.one.labels[partner];
        target = this.target(this.many.labels[row], labels, row);
        targets.set(partner, target);
      }
      const own = this.sampleOf(this.many, cell);
      const other = partner === FILLED ? (fill ?? NaN) : this.sampleOf(this.one, partner * this.steps + step);
      this.put(target, step, own, other);
    }
  }

  /** The usual case in one loop: one partner, floats on both sides. */
  private matchFloats(row: number, partner: number): void {
    const { many, one, steps, swapped, node } = this;
    const { operator, returnBool } = node;
    if (operator === '</' || operator === '>/') {
      for (let step = 0; step < steps; step++) {
        if (many.present[row * steps + step] === FLOAT && one.present[partner * steps + step] === FLOAT) {
          this.words.say(step, mixedOperation(operator, 0, 0, node.range).annotations);
        }
      }
      return;
    }
    const target = this.target(many.labels[row], one.labels[partner], row);
    const { values, present } = this.result;
    const manyCell = row * steps;
    const oneCell = partner * steps;
    const cell = target * steps;
    const compares = isComparison(operator);
    const holds = compares ? comparison(operator) : undefined;
    const compute = compares ? undefined : arithmetic(operator);
    for (let step = 0; step < steps; step++) {
      if (many.present[manyCell + step] === ABSENT || one.present[oneCell + step] === ABSENT) continue;
      const a = swapped ? one.values[oneCell + step] : many.values[manyCell + step];
      const b = swapped ? many.values[manyCell + step] : one.values[oneCell + step];
      let value = a;
      if (compute !== undefined) value = compute(a, b);
      else {
        const kept = holds?.(a, b) === true;
        if (returnBool) value = kept ? 1 : 0;
        else if (!kept) continue;
      }
      if (present[cell + step] !== ABSENT) throw new PromqlExecutionError(DUPLICATE_LABELS);
      values[cell + step] = value;
      present[cell + step] = FLOAT;
    }
  }

  /** For series of the one side that no series of the many side meets. */
  private fillMany(fill: number): void {
    for (let row = 0; row < this.one.rows; row++) {
      const rivals = this.manyOf[this.oneGroups[row]] ?? [];
      let target: number | undefined;
      for (let step = 0; step < this.steps; step++) {
        const cell = row * this.steps + step;
        if (this.one.present[cell] === ABSENT) continue;
        if (rivals.some((rival) => this.many.present[rival * this.steps + step] !== ABSENT)) continue;
        target ??= this.target(matchingLabels(this.one.labels[row], this.matching), this.one.labels[row], FILLED);
        this.put(target, step, fill, this.sampleOf(this.one, cell));
      }
    }
  }

  private sampleOf(block: Block, cell: number): number | FloatHistogram {
    return block.histogramAt(cell) ?? block.values[cell];
  }

  private put(target: number, step: number, own: number | FloatHistogram, other: number | FloatHistogram): void {
    const { operator, returnBool, range } = this.node;
    const a = this.swapped ? other : own;
    const b = this.swapped ? own : other;
    let result: number | FloatHistogram | undefined;
    let kept = true;
    if (typeof a === 'number' && typeof b === 'number' && operator !== '</' && operator !== '>/') {
      if (isComparison(operator)) {
        kept = comparison(operator)(a, b);
        result = a;
      } else {
        result = arithmetic(operator)(a, b);
      }
    } else {
      const outcome = mixedOperation(operator, a, b, range);
      this.words.say(step, outcome.annotations);
      if (!outcome.valid) return;
      kept = outcome.keep;
      result = outcome.histogram;
    }
    if (returnBool) result = kept ? 1 : 0;
    else if (!kept) return;
    const cell = target * this.steps + step;
    if (this.result.present[cell] !== ABSENT) throw new PromqlExecutionError(DUPLICATE_LABELS);
    if (typeof result === 'number') {
      this.result.values[cell] = result;
      this.result.present[cell] = FLOAT;
    } else if (result !== undefined) {
      this.result.setHistogram(cell, result);
    }
  }

  /** The row of the result with the labels that the pair has. */
  private target(many: Labels, one: Labels, source: number): number {
    const labels = pairLabels(this.node, this.evaluation.options.delayedNameRemoval, many, one);
    let row = this.rowByKey.get(labels.key);
    if (row === undefined) {
      row = this.result.rows;
      this.rowByKey.set(labels.key, row);
      this.result.reserve();
      this.result.commit(labels, this.node.returnBool);
      this.sources.push([source]);
    } else if (!this.sources[row].includes(source)) {
      if (source !== FILLED) this.refuseSharedRow(row, source);
      this.sources[row].push(source);
    }
    return row;
  }

  /** Two series of the many side must not meet in one row, even where the comparison drops one of them. */
  private refuseSharedRow(row: number, source: number): void {
    if (this.matching.card === 'one-to-one') return;
    for (const other of this.sources[row]) {
      if (other === FILLED || this.manyGroups[other] !== this.manyGroups[source]) continue;
      for (let step = 0; step < this.steps; step++) {
        if (!this.matches(other, step) || !this.matches(source, step)) continue;
        throw new PromqlExecutionError('multiple matches for labels: grouping labels must ensure unique matches');
      }
    }
  }

  private withoutEmpty(): Block {
    const { result, steps } = this;
    const kept = new Block(steps, 0);
    for (let row = 0; row < result.rows; row++) {
      const present = result.present.subarray(row * steps, (row + 1) * steps);
      if (!present.every((kind) => kind === ABSENT)) continue;
      // At least one row is empty: copy those that are not.
      for (let other = 0; other < result.rows; other++) {
        const cells = result.present.subarray(other * steps, (other + 1) * steps);
        if (cells.every((kind) => kind === ABSENT)) continue;
        kept.append(result, other, result.labels[other], result.dropName[other]);
      }
      return kept;
    }
    return result;
  }
}

/** The labels of what comes of a pair of series. */
export function pairLabels(node: BinaryNode, delayedNameRemoval: boolean, many: Labels, one: Labels): Labels {
  const { card, on, labels: names, include } = matchingOf(node);
  const { operator, returnBool } = node;
  let labels = changesMeaning(operator) || (returnBool && !delayedNameRemoval) ? withoutMetadata(many) : many;
  if (card === 'one-to-one') labels = labels.filter((name) => names.includes(name) === on);
  for (const name of include) labels = labels.with(name, one.get(name));
  return labels;
}
