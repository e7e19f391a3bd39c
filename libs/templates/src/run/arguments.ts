import type { Operand } from '../syntax/nodes.js';
import { GoMap, type GoValue, type ParameterType, typeName, underlying } from '../values.js';

type NumberOperand = Extract<Operand, { kind: 'number' }>;

const GO_NAMES: Readonly<Record<ParameterType, string>> = {
  any: 'interface {}',
  string: 'string',
  float: 'float64',
  int: 'int',
  bool: 'bool',
  list: '[]interface {}',
  map: 'map[string]interface {}',
};

/** An untyped numeric constant as its parameter wants it. */
export function constantFor(operand: NumberOperand, type: ParameterType, fail: (problem: string) => never): GoValue {
  if (type === 'float') return operand.float;
  if (type === 'int') return operand.int ?? fail(`expected integer; found ${operand.text}`);
  if (type !== 'any') return fail(`expected ${GO_NAMES[type]}; found ${operand.text}`);
  return operand.isFloat || operand.int === undefined ? operand.float : operand.int;
}

/** The value, if a parameter of this type takes it; `fail` gets the name of the type that it has instead. */
export function conform(value: GoValue, type: ParameterType, fail: (found: string) => never): GoValue {
  if (type === 'any') return value;
  const plain = underlying(value);
  const fits =
    type === 'string'
      ? typeof plain === 'string'
      : type === 'float'
        ? typeof plain === 'number'
        : type === 'int'
          ? typeof plain === 'bigint'
          : type === 'bool'
            ? typeof plain === 'boolean'
            : type === 'list'
              ? Array.isArray(plain)
              : plain instanceof GoMap;
  return fits ? plain : fail(typeName(value));
}

/** What is said about an argument of the wrong type. */
export function describeOperand(operand: Operand, type: ParameterType, found: string): string {
  if (operand.kind === 'constant') return `expected ${GO_NAMES[type]}; found ${operand.text}`;
  return found === 'nil'
    ? `invalid value; expected ${GO_NAMES[type]}`
    : `wrong type for value; expected ${GO_NAMES[type]}; got ${found}`;
}
