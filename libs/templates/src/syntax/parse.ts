import { TemplateError, positionAt } from '../errors.js';
import { lex, type Token, type TokenKind } from './lex.js';
import { parseNumber, unquote } from './literals.js';
import type { Command, Operand, Pipeline, Statement, TemplateTree } from './nodes.js';

/**
 * Parses a template and the ones that it defines.
 * @param isFunction tells whether a function of that name exists; a call of an unknown one is an error here already.
 * @param variables names of variables that every template may use, with their `$`.
 * @returns the trees by name, the text's own among them.
 */
export function parseTemplate(
  name: string,
  source: string,
  isFunction: (name: string) => boolean,
  variables: readonly string[] = [],
): Map<string, TemplateTree> {
  return new Parser(name, source, isFunction, ['$', ...variables]).all();
}

const DEPTH_LIMIT = 200;

class Parser {
  private readonly tokens: Token[];
  private readonly trees = new Map<string, TemplateTree>();
  private at = 0;
  private depth = 0;
  private ranges = 0;
  private scope: string[];

  constructor(
    private readonly name: string,
    private readonly source: string,
    private readonly isFunction: (name: string) => boolean,
    private readonly globals: readonly string[],
  ) {
    this.tokens = lex(name, source);
    this.scope = [...globals];
  }

  all(): Map<string, TemplateTree> {
    const body = this.statements('');
    this.add(this.name, body.list);
    return this.trees;
  }

  private add(name: string, body: readonly Statement[]): void {
    const known = this.trees.get(name);
    // A definition with nothing but blanks does not replace one that says something.
    if (known && body.every((node) => node.kind === 'text' && node.text.trim() === '')) return;
    this.trees.set(name, { name, source: this.source, body });
  }

  /** Statements up to `{{end}}` or `{{else`; `within` names the block for errors, '' is the top. */
  private statements(within: string): { list: Statement[]; stop: 'end' | 'else' | 'eof' } {
    const list: Statement[] = [];
    if (++this.depth > DEPTH_LIMIT) this.fail(this.tokens[this.at].offset, 'blocks are nested too deep');
    try {
      for (;;) {
        const token = this.tokens[this.at];
        if (token.kind === 'end') {
          if (within !== '') this.fail(token.offset, 'unexpected EOF');
          return { list, stop: 'eof' };
        }
        this.at++;
        if (token.kind === 'text') {
          list.push({ kind: 'text', offset: token.offset, text: token.text });
          continue;
        }
        const first = this.peek();
        if (first.kind !== 'keyword') {
          const pipeline = this.pipeline('command', 'close');
          list.push({ kind: 'action', offset: token.offset, text: pipeline.text, pipeline });
          continue;
        }
        this.next();
        if (first.text === 'end' || first.text === 'else') {
          if (within === '') this.fail(first.offset, `unexpected {{${first.text}}}`);
          if (first.text === 'end') this.expect('close', 'end');
          return { list, stop: first.text };
        }
        const statement = this.keyword(first);
        if (statement) list.push(statement);
      }
    } finally {
      this.depth--;
    }
  }

  private keyword(token: Token): Statement | undefined {
    const { offset, text } = token;
    switch (text) {
      case 'if':
      case 'with':
      case 'range':
        return this.control(text, offset);
      case 'break':
      case 'continue':
        if (this.ranges === 0) this.fail(offset, `{{${text}}} outside {{range}}`);
        this.expect('close', text);
        return { kind: text, offset, text };
      case 'define':
        this.define(offset);
        return undefined;
      default:
        return this.template(token);
    }
  }

  private control(kind: 'if' | 'with' | 'range', offset: number): Statement {
    const outer = this.scope;
    this.scope = [...outer];
    const pipeline = this.pipeline(kind, 'close');
    if (kind === 'range') this.ranges++;
    const then = this.statements(kind);
    if (kind === 'range') this.ranges--;
    let otherwise: readonly Statement[] = [];
    if (then.stop === 'else') {
      const chained = this.peek();
      if (chained.kind === 'keyword' && chained.text === kind && kind !== 'range') {
        // `{{else if}}` is a nested `{{if}}` that shares the outer `{{end}}`.
        this.next();
        otherwise = [this.control(kind, chained.offset)];
      } else {
        this.expect('close', 'else');
        const rest = this.statements(kind);
        if (rest.stop !== 'end') this.fail(this.tokens[this.at - 1].offset, `expected end; found {{else}}`);
        otherwise = rest.list;
      }
    }
    this.scope = outer;
    return { kind, offset, text: pipeline.text, pipeline, then: then.list, otherwise };
  }

  private define(offset: number): void {
    if (this.depth > 1) this.fail(offset, 'unexpected {{define}}');
    const name = this.quotedName('define clause');
    this.expect('close', 'define clause');
    this.add(name, this.ownScope(() => this.statements('define')).list);
  }

  /** `{{template "name" pipeline}}` and `{{block "name" pipeline}}…{{end}}`. */
  private template({ text: kind, offset }: Token): Statement {
    const name = this.quotedName(`${kind} clause`);
    let pipeline: Pipeline | undefined;
    if (this.peek().kind === 'close' && kind === 'template') this.next();
    else pipeline = this.pipeline(`${kind} clause`, 'close');
    if (kind === 'block') this.add(name, this.ownScope(() => this.statements('block')).list);
    return { kind: 'template', offset, text: `${kind} ${JSON.stringify(name)}`, name, pipeline };
  }

  private ownScope<T>(work: () => T): T {
    const { scope, ranges } = this;
    this.scope = [...this.globals];
    this.ranges = 0;
    const result = work();
    this.scope = scope;
    this.ranges = ranges;
    return result;
  }

  private quotedName(context: string): string {
    const token = this.next();
    const name = token.kind === 'string' ? unquote(token.text) : undefined;
    return name ?? this.unexpected(token, context);
  }

  private pipeline(context: string, until: 'close' | 'paren-close'): Pipeline {
    const start = this.peek();
    const { variables, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind === until) {
        this.next();
        if (commands.length === 0) this.fail(token.offset, `missing value for ${context}`);
        commands.slice(1).forEach((command) => {
          const first = command.operands[0];
          if (first.kind === 'constant' || first.kind === 'number' || first.kind === 'dot')
            this.fail(first.offset, `non executable command in pipeline stage ${commands.indexOf(command) + 1}`);
        });
        if (!assigns) this.scope.push(...variables);
        return {
          offset: start.offset,
          text: this.source.slice(start.offset, token.offset).trim(),
          variables,
          assigns,
          commands,
        };
      }
      commands.push(this.command(context));
    }
  }

  private declarations(context: string): { variables: string[]; assigns: boolean } {
    const mark = this.at;
    const variables: string[] = [];
    while (this.peek().kind === 'variable' && !this.peek().text.includes('.')) {
      const variable = this.next();
      const after = this.peek();
      if (after.kind === 'declare' || after.kind === 'assign') {
        this.next();
        variables.push(variable.text);
        if (after.kind === 'assign') variables.forEach((name) => this.checkVariable(name, variable.offset));
        return { variables, assigns: after.kind === 'assign' };
      }
      if (after.kind !== 'comma' || context !== 'range' || variables.length > 0) break;
      this.next();
      variables.push(variable.text);
      if (this.peek().kind !== 'variable') this.unexpected(this.peek(), 'range can only initialize variables');
    }
    if (variables.length > 0) this.fail(this.tokens[mark].offset, `unexpected "," in ${context}`);
    this.at = mark;
    return { variables: [], assigns: false };
  }

  private command(context: string): Command {
    const operands: Operand[] = [];
    const start = this.peek();
    for (;;) {
      operands.push(this.operand(context));
      const separator = this.tokens[this.at];
      const after = this.peek();
      if (after.kind === 'pipe') {
        this.next();
        if (this.peek().kind === 'close' || this.peek().kind === 'paren-close')
          this.fail(after.offset, `missing value for ${context}`);
      } else if (after.kind !== 'close' && after.kind !== 'paren-close') {
        if (separator.kind === 'space') continue;
        this.unexpected(after, 'operand');
      }
      return { offset: start.offset, text: this.source.slice(start.offset, after.offset).trim(), operands };
    }
  }

  private operand(context: string): Operand {
    const token = this.next();
    const base = this.term(token, context);
    const path: string[] = [];
    while (this.tokens[this.at].kind === 'field') path.push(this.tokens[this.at++].text.slice(1));
    if (path.length === 0) return base;
    const text = `${base.text}.${path.join('.')}`;
    if (base.kind === 'field') return { ...base, text, path: [...base.path, ...path] };
    if (base.kind === 'variable') return { ...base, text, path };
    if (base.kind === 'constant' || base.kind === 'number' || base.kind === 'dot')
      this.fail(base.offset, `unexpected . after term ${JSON.stringify(base.text)}`);
    return { kind: 'chain', offset: base.offset, text, operand: base, path };
  }

  private term(token: Token, context: string): Operand {
    const { offset, text } = token;
    switch (token.kind) {
      case 'string':
      case 'char': {
        const value = unquote(text);
        if (value === undefined || (token.kind === 'char' && Array.from(value).length !== 1))
          return this.fail(offset, `invalid syntax: ${text}`);
        if (token.kind === 'string') return { kind: 'constant', offset, text, value };
        const code = value.codePointAt(0) ?? 0;
        return { kind: 'number', offset, text, int: BigInt(code), float: code, isFloat: false };
      }
      case 'number': {
        const number = parseNumber(text);
        if (!number) return this.fail(offset, `bad number syntax: ${JSON.stringify(text)}`);
        return { kind: 'number', offset, text, ...number };
      }
      case 'bool':
        return { kind: 'constant', offset, text, value: text === 'true' };
      case 'nil':
        return { kind: 'constant', offset, text, value: null };
      case 'dot':
        return { kind: 'dot', offset, text };
      case 'field':
        return { kind: 'field', offset, text, path: [text.slice(1)] };
      case 'variable':
        this.checkVariable(text, offset);
        return { kind: 'variable', offset, text, name: text, path: [] };
      case 'identifier':
        if (!this.isFunction(text)) this.fail(offset, `function ${JSON.stringify(text)} not defined`);
        return { kind: 'function', offset, text, name: text };
      case 'paren-open': {
        if (++this.depth > DEPTH_LIMIT) this.fail(offset, 'parentheses are nested too deep');
        const pipeline = this.pipeline('parenthesized pipeline', 'paren-close');
        this.depth--;
        return { kind: 'pipeline', offset, text: `(${pipeline.text})`, pipeline };
      }
      default:
        if (token.kind === 'close') return this.fail(offset, `missing value for ${context}`);
        return this.unexpected(token, context);
    }
  }

  private checkVariable(name: string, offset: number): void {
    if (!this.scope.includes(name)) this.fail(offset, `undefined variable ${JSON.stringify(name)}`);
  }

  /** The next token that is not a blank. */
  private peek(): Token {
    let i = this.at;
    while (this.tokens[i].kind === 'space') i++;
    return this.tokens[i];
  }

  private next(): Token {
    while (this.tokens[this.at].kind === 'space') this.at++;
    return this.tokens[this.at++];
  }

  private expect(kind: TokenKind, context: string): void {
    const token = this.next();
    if (token.kind !== kind) this.unexpected(token, context);
  }

  private unexpected(token: Token, context: string): never {
    return this.fail(
      token.offset,
      token.kind === 'end' ? 'unexpected EOF' : `unexpected ${JSON.stringify(token.text)} in ${context}`,
    );
  }

  private fail(offset: number, problem: string): never {
    throw new TemplateError(this.name, positionAt(this.source, offset), problem);
  }
}
