import type { TextRange } from '@opsroom/contracts';
import { scalarOperation } from '../evaluate/element.js';
import { maxOf, minOf, quote } from '../evaluate/numbers.js';
import type { AtModifier, Expr, ValueType, VectorSelector } from '../syntax/ast.js';
import { durationKey } from './durations.js';
import { childrenOf, type Plan, type PlanNode, type SelectNode, type Shift } from './nodes.js';

export interface PlanOptions {
  /** The text of the expression; with it annotations name line and column rightly over several lines. */
  readonly text?: string;
}

/** Functions that give another result at another time even where their arguments do not change. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'time',
  'timestamp',
  'predict_linear',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
]);

/** Functions that give a scalar. */
const SCALAR_FUNCTIONS: ReadonlySet<string> = new Set([
  'time',
  'pi',
  'scalar',
  'start',
  'end',
  'range',
  'step',
  'min_of',
  'max_of',
]);

type Omitted = 'id' | 'key' | 'invariant';
type Draft = PlanNode extends infer N ? (N extends PlanNode ? Omit<N, Omitted> : never) : never;

/** Makes the executable form of a checked expression. It holds for every time range, so it can be kept and run again and again. */
export function createPlan(expr: Expr, options: PlanOptions = {}): Plan {
  const builder = new PlanBuilder();
  const root = builder.build(expr);
  const uses = builder.nodes.map((node) => (node === root ? 1 : 0));
  const reached = new Set<PlanNode>();
  count(root, uses, reached);
  return { root, nodes: builder.nodes, uses, text: options.text };
}

function count(node: PlanNode, uses: number[], reached: Set<PlanNode>): void {
  if (reached.has(node)) return;
  reached.add(node);
  for (const child of childrenOf(node)) {
    // A window takes its selector's samples, not its value: no other parent could share that.
    if (node.kind !== 'window') uses[child.id]++;
    count(child, uses, reached);
  }
}

class PlanBuilder {
  readonly nodes: PlanNode[] = [];
  private readonly byKey = new Map<string, PlanNode>();

  build(expr: Expr): PlanNode {
    switch (expr.kind) {
      case 'paren':
      case 'step-invariant':
        return this.build(expr.expr);
      case 'number':
        return this.number(expr.value, expr.range);
      case 'string':
        return this.intern({ kind: 'string', type: 'string', range: expr.range, value: expr.value });
      case 'vector':
        return this.select(expr);
      case 'matrix':
        return this.intern({
          kind: 'window',
          type: 'matrix',
          range: expr.range,
          select: this.select(expr.selector),
          window: expr.window,
        });
      case 'subquery':
        return this.intern({
          kind: 'subquery',
          type: 'matrix',
          range: expr.range,
          expr: this.build(expr.expr),
          window: expr.window,
          step: expr.step,
          shift: { offset: expr.offset, at: expr.at },
        });
      case 'unary': {
        const inner = this.build(expr.expr);
        if (expr.operator === '+') return inner;
        if (inner.kind === 'number') return this.number(-inner.value, expr.range);
        return this.intern({ kind: 'negate', type: inner.type, range: expr.range, expr: inner });
      }
      case 'call': {
        const args = expr.args.map((arg) => this.build(arg));
        const folded = foldCall(expr.func, args);
        if (folded !== undefined) return this.number(folded, expr.range);
        const type: ValueType = SCALAR_FUNCTIONS.has(expr.func) ? 'scalar' : 'vector';
        return this.intern({ kind: 'call', type, range: expr.range, func: expr.func, args });
      }
      case 'aggregate':
        return this.intern({
          kind: 'aggregate',
          type: 'vector',
          range: expr.range,
          operator: expr.operator,
          expr: this.build(expr.expr),
          param: expr.param === undefined ? undefined : this.build(expr.param),
          without: expr.without,
          grouping: [...expr.grouping].sort(),
        });
      case 'binary': {
        const left = this.build(expr.left);
        const right = this.build(expr.right);
        if (left.kind === 'number' && right.kind === 'number') {
          return this.number(scalarOperation(expr.operator, left.value, right.value), expr.range);
        }
        const type: ValueType = left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'vector';
        return this.intern({
          kind: 'binary',
          type,
          range: expr.range,
          operator: expr.operator,
          left,
          right,
          returnBool: expr.returnBool,
          matching: expr.matching,
        });
      }
    }
  }

  private number(value: number, range: TextRange): PlanNode {
    return this.intern({ kind: 'number', type: 'scalar', range, value });
  }

  private select(selector: VectorSelector): SelectNode {
    return this.intern({
      kind: 'select',
      type: 'vector',
      range: selector.range,
      matchers: selector.matchers,
      shift: { offset: selector.offset, at: selector.at },
      extended: selector.extended,
    }) as SelectNode;
  }

  /** The node itself, or the equal one that is there already. */
  private intern(draft: Draft): PlanNode {
    const key = keyOf(draft);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const node = { ...draft, id: this.nodes.length, key, invariant: isInvariant(draft) } as PlanNode;
    this.nodes.push(node);
    this.byKey.set(key, node);
    return node;
  }
}

function foldCall(func: string, args: readonly PlanNode[]): number | undefined {
  if (func === 'pi') return Math.PI;
  if (func !== 'max_of' && func !== 'min_of') return undefined;
  const [a, b] = args;
  if (a.kind !== 'number' || b.kind !== 'number') return undefined;
  return func === 'max_of' ? maxOf(a.value, b.value) : minOf(a.value, b.value);
}

function isInvariant(draft: Draft): boolean {
  switch (draft.kind) {
    case 'number':
    case 'string':
      return true;
    case 'select':
      return draft.shift.at !== undefined;
    case 'window':
      return draft.select.invariant;
    case 'subquery':
      return draft.shift.at !== undefined;
    case 'negate':
      return draft.expr.invariant;
    case 'call':
      // Without arguments the date functions read the step's time, `timestamp` its samples'.
      return !TIME_DEPENDENT.has(draft.func) && draft.args.every((arg) => arg.invariant);
    case 'aggregate':
      return draft.expr.invariant && (draft.param === undefined || draft.param.invariant);
    case 'binary':
      return draft.left.invariant && draft.right.invariant;
  }
}

function keyOf(draft: Draft): string {
  switch (draft.kind) {
    case 'number':
      return Object.is(draft.value, -0) ? '-0' : String(draft.value);
    case 'string':
      return quote(draft.value);
    case 'select':
      return `{${draft.matchers
        .map(({ name, operator, value }) => `${quote(name)}${operator}${quote(value)}`)
        .sort()
        .join()}}${shiftKey(draft.shift)}${draft.extended === undefined ? '' : ` ${draft.extended}`}`;
    case 'window':
      return `${draft.select.key}[${durationKey(draft.window)}]`;
    case 'subquery':
      return `(${draft.expr.key})[${durationKey(draft.window)}:${durationKey(draft.step)}]${shiftKey(draft.shift)}`;
    case 'negate':
      return `-(${draft.expr.key})`;
    case 'call':
      return `${draft.func}(${draft.args.map((arg) => arg.key).join(', ')})`;
    case 'aggregate': {
      const grouping = `${draft.without ? 'without' : 'by'} (${draft.grouping.map(quote).join()})`;
      const param = draft.param === undefined ? '' : `${draft.param.key}, `;
      return `${draft.operator} ${grouping} (${param}${draft.expr.key})`;
    }
    case 'binary':
      return `(${draft.left.key} ${draft.operator}${draft.returnBool ? ' bool' : ''}${matchingKey(draft.matching)} ${draft.right.key})`;
  }
}

function matchingKey(matching: NonNullable<Extract<Draft, { kind: 'binary' }>['matching']> | undefined): string {
  if (matching === undefined) return '';
  const list = (names: readonly string[]): string => names.map(quote).join();
  return (
    ` ${matching.on ? 'on' : 'ignoring'}(${list(matching.labels)}) ${matching.card}(${list(matching.include)})` +
    (matching.fillLeft === undefined ? '' : ` fill_left(${matching.fillLeft})`) +
    (matching.fillRight === undefined ? '' : ` fill_right(${matching.fillRight})`)
  );
}

function shiftKey(shift: Shift): string {
  const offset = durationKey(shift.offset);
  return (offset === '0' ? '' : ` offset ${offset}`) + atKey(shift.at);
}

function atKey(at: AtModifier | undefined): string {
  if (at === undefined) return '';
  return at.kind === 'time' ? ` @ ${at.timeMs}` : ` @ ${at.kind}()`;
}
