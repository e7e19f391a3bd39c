import { FunctionError, positionAt, TemplateError } from '../errors.js';
import type { Command, Operand, Pipeline, RangeNode, Statement, TemplateTree } from '../syntax/nodes.js';
import {
  type FunctionTable,
  GoFunction,
  GoMap,
  GoNamed,
  GoStruct,
  type GoValue,
  isTrue,
  typeName,
  underlying,
} from '../values.js';
import { conform, constantFor, describeOperand } from './arguments.js';
import { printValue } from './print.js';

/** What an execution may cost. */
export interface TemplateLimits {
  /** Characters of output. */
  readonly maxOutput: number;
  /** Statements and commands executed. */
  readonly maxSteps: number;
  /** Templates within templates. */
  readonly maxDepth: number;
}

export const defaultLimits: TemplateLimits = { maxOutput: 1_000_000, maxSteps: 200_000, maxDepth: 100 };

/** Runs the template `name` of `trees` over `dot`; throws TemplateError. */
export function execute(
  trees: ReadonlyMap<string, TemplateTree>,
  name: string,
  dot: GoValue,
  variables: Readonly<Record<string, GoValue>>,
  functions: FunctionTable,
  limits: TemplateLimits,
): string {
  const budget: Budget = { steps: limits.maxSteps, output: limits.maxOutput, parts: [] };
  const tree = trees.get(name);
  if (!tree) throw new TemplateError(name, { line: 1, column: 1 }, `no template ${JSON.stringify(name)}`);
  new Execution(trees, tree, functions, budget, limits.maxDepth, variables).run(dot);
  return budget.parts.join('');
}

interface Budget {
  steps: number;
  output: number;
  readonly parts: string[];
}

type Flow = 'go' | 'break' | 'continue';

/** One template's run; `{{template}}` starts another with the same budget. */
class Execution {
  private readonly variables: { name: string; value: GoValue }[] = [];

  constructor(
    private readonly trees: ReadonlyMap<string, TemplateTree>,
    private readonly tree: TemplateTree,
    private readonly functions: FunctionTable,
    private readonly budget: Budget,
    private readonly depthLeft: number,
    private readonly globals: Readonly<Record<string, GoValue>>,
  ) {}

  run(dot: GoValue): void {
    this.variables.push({ name: '$', value: dot });
    for (const [name, value] of Object.entries(this.globals)) this.variables.push({ name, value });
    this.statements(dot, this.tree.body);
  }

  private statements(dot: GoValue, list: readonly Statement[]): Flow {
    for (const statement of list) {
      const flow = this.statement(dot, statement);
      if (flow !== 'go') return flow;
    }
    return 'go';
  }

  private statement(dot: GoValue, node: Statement): Flow {
    this.step(node);
    switch (node.kind) {
      case 'text':
        this.write(node.text, node);
        return 'go';
      case 'action': {
        const value = this.pipeline(dot, node.pipeline);
        if (node.pipeline.variables.length === 0) this.write(this.printed(value, node), node);
        return 'go';
      }
      case 'if':
      case 'with': {
        const mark = this.variables.length;
        const value = this.pipeline(dot, node.pipeline);
        const inner = node.kind === 'with' && isTrue(value) ? value : dot;
        const flow = this.statements(inner, isTrue(value) ? node.then : node.otherwise);
        this.variables.length = mark;
        return flow;
      }
      case 'range':
        return this.range(dot, node);
      case 'template': {
        const tree = this.trees.get(node.name);
        if (!tree) return this.fail(node, `template ${JSON.stringify(node.name)} not defined`);
        if (this.depthLeft <= 0) return this.fail(node, 'exceeded maximum template depth');
        const argument = node.pipeline ? this.pipeline(dot, node.pipeline) : null;
        new Execution(this.trees, tree, this.functions, this.budget, this.depthLeft - 1, this.globals).run(argument);
        return 'go';
      }
      default:
        return node.kind;
    }
  }

  private range(dot: GoValue, node: RangeNode): Flow {
    const mark = this.variables.length;
    const value = underlying(this.pipeline(dot, node.pipeline));
    const names = node.pipeline.variables;
    let any = false;
    for (const [key, element] of this.elements(value, node)) {
      any = true;
      this.step(node);
      const bodyMark = this.variables.length;
      if (names.length === 1) this.set(names[0], element, node.pipeline);
      if (names.length === 2) {
        this.set(names[0], key, node.pipeline);
        this.set(names[1], element, node.pipeline);
      }
      const flow = this.statements(element, node.then);
      this.variables.length = bodyMark;
      if (flow === 'break') break;
    }
    if (!any) {
      const flow = this.statements(dot, node.otherwise);
      this.variables.length = mark;
      return flow;
    }
    this.variables.length = mark;
    return 'go';
  }

  private *elements(value: GoValue, node: RangeNode): Iterable<readonly [GoValue, GoValue]> {
    if (value === null) return;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) yield [BigInt(i), value[i] as GoValue];
    } else if (value instanceof GoMap) {
      for (const key of value.keys()) yield [key, value.get(key)];
    } else if (typeof value === 'bigint') {
      for (let i = 0n; i < value; i++) yield [i, i];
    } else this.fail(node.pipeline, `range can't iterate over ${this.printed(value, node)}`);
  }

  /** Declares or assigns within a range: a declaration in each round, an assignment to the variable outside. */
  private set(name: string, value: GoValue, pipeline: Pipeline): void {
    if (pipeline.assigns) this.assign(name, value, pipeline);
    else this.variables.push({ name, value });
  }

  private pipeline(dot: GoValue, pipeline: Pipeline): GoValue {
    let value: GoValue | undefined;
    for (const command of pipeline.commands) value = this.command(dot, command, value);
    const result = value ?? null;
    // A range's variables are set in each of its rounds.
    const inRange = pipeline.variables.length === 2;
    if (!inRange)
      for (const name of pipeline.variables) {
        if (pipeline.assigns) this.assign(name, result, pipeline);
        else this.variables.push({ name, value: result });
      }
    return result;
  }

  private assign(name: string, value: GoValue, node: Pipeline): void {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      if (this.variables[i].name !== name) continue;
      this.variables[i].value = value;
      return;
    }
    this.fail(node, `undefined variable: ${name}`);
  }

  private command(dot: GoValue, command: Command, final: GoValue | undefined): GoValue {
    this.step(command);
    const [first, ...args] = command.operands;
    switch (first.kind) {
      case 'function':
        return this.callNamed(dot, first.name, command, args, final);
      case 'field':
        return this.fields(dot, dot, first.path, command, first, args, final);
      case 'variable':
        return this.fields(dot, this.variable(first.name, first), first.path, command, first, args, final);
      case 'chain':
        return this.fields(dot, this.operand(dot, first.operand), first.path, command, first, args, final);
      default:
        if (args.length > 0 || final !== undefined)
          this.fail(first, `can't give argument to non-function ${first.text}`);
        if (first.kind === 'constant' && first.value === null) this.fail(first, 'nil is not a command');
        return this.operand(dot, first);
    }
  }

  /** An operand's value where nothing says what type it should have. */
  private operand(dot: GoValue, operand: Operand): GoValue {
    switch (operand.kind) {
      case 'constant':
        return operand.value;
      case 'number':
        return operand.isFloat || operand.int === undefined ? operand.float : operand.int;
      case 'dot':
        return dot;
      case 'pipeline':
        return this.pipeline(dot, operand.pipeline);
      default:
        return this.command(dot, { offset: operand.offset, text: operand.text, operands: [operand] }, undefined);
    }
  }

  private callNamed(
    dot: GoValue,
    name: string,
    command: Command,
    args: readonly Operand[],
    final: GoValue | undefined,
  ): GoValue {
    // Like Go's, `and` and `or` stop at the argument that decides.
    if (name === 'and' || name === 'or') {
      if (args.length === 0 && final === undefined)
        this.fail(command, `wrong number of args for ${name}: want at least 1 got 0`);
      let value: GoValue = null;
      for (const arg of args) {
        value = this.operand(dot, arg);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return final !== undefined ? final : value;
    }
    const callee = Object.hasOwn(this.functions, name) ? this.functions[name] : undefined;
    if (!callee) return this.fail(command, `${JSON.stringify(name)} is not a defined function`);
    return this.call(dot, callee, name, command, args, final);
  }

  private call(
    dot: GoValue,
    callee: GoFunction,
    name: string,
    node: Command | Operand,
    args: readonly Operand[],
    final: GoValue | undefined,
  ): GoValue {
    const count = args.length + (final === undefined ? 0 : 1);
    const wanted = callee.parameters.length;
    if (callee.rest ? count < wanted : count !== wanted) {
      this.fail(node, `wrong number of args for ${name}: want ${callee.rest ? 'at least ' : ''}${wanted} got ${count}`);
    }
    const values = args.map((arg, i) => {
      const type = callee.parameters[i] ?? callee.rest ?? 'any';
      if (arg.kind === 'number') return constantFor(arg, type, (problem) => this.fail(arg, problem));
      return conform(this.operand(dot, arg), type, (found) => this.fail(arg, describeOperand(arg, type, found)));
    });
    if (final !== undefined) {
      const type = callee.parameters[args.length] ?? callee.rest ?? 'any';
      values.push(
        conform(final, type, (found) => this.fail(node, `wrong type for value; expected ${type}; got ${found}`)),
      );
    }
    try {
      return callee.run(values);
    } catch (error) {
      if (error instanceof FunctionError) return this.fail(node, `error calling ${name}: ${error.message}`);
      throw error;
    }
  }

  /** Follows `.A.B.C`; only the last may take arguments. */
  private fields(
    dot: GoValue,
    receiver: GoValue,
    path: readonly string[],
    command: Command,
    operand: Operand,
    args: readonly Operand[],
    final: GoValue | undefined,
  ): GoValue {
    let value = receiver;
    path.forEach((name, i) => {
      const last = i === path.length - 1;
      value = this.field(dot, value, name, operand, last ? args : [], last ? final : undefined);
    });
    if (path.length === 0 && (args.length > 0 || final !== undefined))
      this.fail(command, `can't give argument to non-function ${operand.text}`);
    return value;
  }

  private field(
    dot: GoValue,
    receiver: GoValue,
    name: string,
    node: Operand,
    args: readonly Operand[],
    final: GoValue | undefined,
  ): GoValue {
    if (receiver instanceof GoMap || receiver instanceof GoStruct || receiver instanceof GoNamed) {
      if (Object.hasOwn(receiver.methods, name)) return this.call(dot, receiver.methods[name], name, node, args, final);
    }
    const plain = underlying(receiver);
    let found: GoValue | undefined;
    if (plain instanceof GoMap) found = plain.get(name);
    else if (plain instanceof GoStruct && Object.hasOwn(plain.fields, name)) found = plain.fields[name];
    else if (plain === null) return this.fail(node, `nil data; no entry for key ${JSON.stringify(name)}`);
    if (found === undefined) return this.fail(node, `can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (args.length > 0 || final !== undefined)
      this.fail(node, `${name} has arguments but cannot be invoked as function`);
    return found;
  }

  private variable(name: string, node: Operand): GoValue {
    for (let i = this.variables.length - 1; i >= 0; i--)
      if (this.variables[i].name === name) return this.variables[i].value;
    return this.fail(node, `undefined variable: ${name}`);
  }

  private printed(value: GoValue, node: Statement): string {
    if (value instanceof GoFunction) this.fail(node, `can't print ${node.text} of type func`);
    return value === null ? '<no value>' : printValue(value);
  }

  private write(text: string, node: Statement): void {
    this.budget.output -= text.length;
    if (this.budget.output < 0) this.fail(node, 'the output is longer than allowed');
    this.budget.parts.push(text);
  }

  private step(node: { offset: number; text: string }): void {
    if (--this.budget.steps < 0) this.fail(node, 'the template takes more steps than allowed');
  }

  private fail(node: { offset: number; text: string }, problem: string): never {
    const text = node.text.length > 40 ? `${node.text.slice(0, 37)}...` : node.text;
    throw new TemplateError(
      this.tree.name,
      positionAt(this.tree.source, node.offset),
      `executing ${JSON.stringify(this.tree.name)} at <${text}>: ${problem}`,
    );
  }
}
