import type { GoValue } from '../values.js';

interface Node {
  /** Character offset in the template's text. */
  readonly offset: number;
  /** As written, for error messages. */
  readonly text: string;
}

/** A statement of a template's body. */
export type Statement =
  | TextNode
  | ActionNode
  | IfNode
  | WithNode
  | RangeNode
  | TemplateNode
  | (Node & { readonly kind: 'break' | 'continue' });

interface TextNode extends Node {
  readonly kind: 'text';
}

interface ActionNode extends Node {
  readonly kind: 'action';
  readonly pipeline: Pipeline;
}

interface IfNode extends Node {
  readonly kind: 'if';
  readonly pipeline: Pipeline;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

interface WithNode extends Node {
  readonly kind: 'with';
  readonly pipeline: Pipeline;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface RangeNode extends Node {
  readonly kind: 'range';
  readonly pipeline: Pipeline;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

interface TemplateNode extends Node {
  readonly kind: 'template';
  readonly name: string;
  readonly pipeline: Pipeline | undefined;
}

/** `$a, $b := first arg | second`. */
export interface Pipeline extends Node {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** An operand with its arguments: a function or method call, or a single value. */
export interface Command extends Node {
  readonly operands: readonly Operand[];
}

export type Operand =
  | (Node & { readonly kind: 'constant'; readonly value: GoValue })
  /** An untyped numeric constant: it takes the type that its place asks for. */
  | (Node & {
      readonly kind: 'number';
      readonly int: bigint | undefined;
      readonly float: number;
      readonly isFloat: boolean;
    })
  | (Node & { readonly kind: 'dot' })
  | (Node & { readonly kind: 'field'; readonly path: readonly string[] })
  | (Node & { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] })
  | (Node & { readonly kind: 'function'; readonly name: string })
  | (Node & { readonly kind: 'pipeline'; readonly pipeline: Pipeline })
  /** `(pipeline).Field`. */
  | (Node & { readonly kind: 'chain'; readonly operand: Operand; readonly path: readonly string[] });

export interface TemplateTree {
  readonly name: string;
  readonly source: string;
  readonly body: readonly Statement[];
}
