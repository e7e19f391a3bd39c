/** What a command says and where from it reads, so that a test can look at both. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One command of the command line. */
export interface Command {
  /** What follows its name. */
  readonly takes: string;
  /** One line that says what it is for. */
  readonly about: string;
  /** Its switches and what else is to be known, line by line. */
  readonly help: readonly string[];
  /** Returns the exit code. Throws `UsageError` when it is called wrongly. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number> | number;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
