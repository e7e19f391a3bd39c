import { ABSENT } from '../evaluate/block.js';
import { arithmetic, changesMeaning, comparison, isComparison } from '../evaluate/element.js';
import { floatFunctions, timeFunctions } from '../evaluate/float-functions.js';
import type { BinaryNode, CallNode, NegateNode } from '../plan/nodes.js';
import { shapeWithoutNames } from './live-labels.js';
import type { LiveScalarNode, LiveTick, LiveVectorNode } from './live-node.js';
import { LiveOperator } from './live-operator.js';

/** What becomes of one float; undefined where it is left out. */
type Change = (value: number) => number | undefined;

/** An operator that looks at each sample by itself: it follows the samples that change. */
export class LiveMap extends LiveOperator {
  private constructor(
    node: CallNode | BinaryNode | NegateNode,
    private readonly input: LiveVectorNode,
    private readonly dropsName: boolean,
    private readonly change: (scalar: number) => Change,
    private readonly scalar: LiveScalarNode | undefined,
  ) {
    super(node, [input]);
  }

  static ofNegate(node: NegateNode, input: LiveVectorNode): LiveMap {
    return new LiveMap(node, input, true, () => (value) => -value, undefined);
  }

  /** Undefined if the function is none of one float. */
  static ofCall(node: CallNode, input: LiveVectorNode): LiveMap | undefined {
    const func = node.args.length === 1 ? (floatFunctions.get(node.func) ?? timeFunctions.get(node.func)) : undefined;
    return func && new LiveMap(node, input, true, () => func, undefined);
  }

  /** Between a vector and a scalar; undefined for the operators that trim histograms. */
  static ofBinary(node: BinaryNode, input: LiveVectorNode, scalar: LiveScalarNode): LiveMap | undefined {
    const { operator, returnBool } = node;
    if (operator === '</' || operator === '>/') return undefined;
    const swapped = node.left.type === 'scalar';
    const dropsName = changesMeaning(operator) || returnBool;
    if (!isComparison(operator)) {
      const compute = arithmetic(operator);
      const change = swapped
        ? (other: number) => (value: number) => compute(other, value)
        : (other: number) => (value: number) => compute(value, other);
      return new LiveMap(node, input, dropsName, change, scalar);
    }
    const holds = comparison(operator);
    const change = (other: number) => (value: number) => {
      const kept = swapped ? holds(other, value) : holds(value, other);
      if (returnBool) return kept ? 1 : 0;
      return kept ? value : undefined;
    };
    return new LiveMap(node, input, dropsName, change, scalar);
  }

  protected override scalarsChanged(): boolean {
    return this.scalar?.changed === true;
  }

  protected shape(tick: LiveTick): boolean {
    const { output } = this.input;
    if (this.dropsName) return shapeWithoutNames(this.output, output, tick.options.delayedNameRemoval);
    this.output.reshape(output.labels, output.dropName);
    return true;
  }

  protected refresh(_tick: LiveTick, all: boolean): void {
    const { output: from } = this.input;
    const change = this.change(this.scalar?.value ?? 0);
    if (all || this.scalarsChanged()) {
      for (let row = 0; row < from.rows; row++) this.write(row, change);
    } else {
      for (let i = 0; i < from.changedCount; i++) this.write(from.changedRows[i], change);
    }
  }

  private write(row: number, change: Change): void {
    const { output: from } = this.input;
    const value = from.present[row] === ABSENT ? undefined : change(from.values[row]);
    if (value === undefined) this.output.setAbsent(row);
    else this.output.setFloat(row, value);
  }
}
