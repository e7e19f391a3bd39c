/** The configuration cannot be used; `problems` has every reason, each a line with file and line number where there is one. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
