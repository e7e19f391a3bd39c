/** Where in a template's text; both count from 1, columns in characters. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The template cannot be read, or its execution failed. `message` begins with `template: name:line:column: `. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly template: string,
    readonly position: TextPosition,
    readonly problem: string,
  ) {
    super(`template: ${template}:${position.line}:${position.column}: ${problem}`);
  }
}

/** What a function of a template throws to say what is wrong with its arguments; the executor adds the place. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

/** Line and column of a character offset. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: offset - lineStart + 1 };
}
