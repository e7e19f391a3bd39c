import { builtins } from './functions/builtins.js';
import { defaultLimits, execute, type TemplateLimits } from './run/execute.js';
import type { TemplateTree } from './syntax/nodes.js';
import { parseTemplate } from './syntax/parse.js';
import type { FunctionTable, GoValue } from './values.js';

/**
 * A parsed template with the ones that it defines. Text is written as it is: nothing is escaped for HTML unless the
 * template asks for it with `html`.
 */
export class Template {
  private constructor(
    readonly name: string,
    private readonly trees: ReadonlyMap<string, TemplateTree>,
  ) {}

  /**
   * @param functions known besides text/template's own; those that `run` is given must have the same names.
   * @param variables names that are declared before the template begins: `['$labels', '$value']`.
   * @param library further templates that `{{template}}` may call.
   * @throws TemplateError
   */
  static parse(
    name: string,
    source: string,
    functions: FunctionTable,
    variables: readonly string[] = [],
    library: readonly Template[] = [],
  ): Template {
    const known = (fn: string): boolean => Object.hasOwn(builtins, fn) || Object.hasOwn(functions, fn);
    const trees = new Map<string, TemplateTree>();
    for (const other of library) for (const [key, tree] of other.trees) trees.set(key, tree);
    for (const [key, tree] of parseTemplate(name, source, known, variables)) trees.set(key, tree);
    return new Template(name, trees);
  }

  /** Names of the template and of those that it defines. */
  get names(): string[] {
    return [...this.trees.keys()];
  }

  /**
   * Executes it over `dot`.
   * @throws TemplateError
   */
  run(
    dot: GoValue,
    functions: FunctionTable,
    variables: Readonly<Record<string, GoValue>> = {},
    limits: TemplateLimits = defaultLimits,
  ): string {
    return execute(this.trees, this.name, dot, variables, { ...builtins, ...functions }, limits);
  }

  /** Executes one of the templates that it defines. */
  runNamed(name: string, dot: GoValue, functions: FunctionTable, limits: TemplateLimits = defaultLimits): string {
    return execute(this.trees, name, dot, {}, { ...builtins, ...functions }, limits);
  }
}
