import { didYouMean } from '../config/nearest.js';
import { VERSION } from '../config/version.js';
import { checkCommand } from './check.js';
import { type Command, type Terminal, UsageError } from './command.js';
import { queryCommand } from './query.js';
import { testRulesCommand } from './test-rules.js';

const commands: Readonly<Record<string, Command>> = {
  query: queryCommand,
  check: checkCommand,
  'test-rules': testRulesCommand,
};

/** Runs `process.argv.slice(2)`; returns the exit code: 0 well, 1 something failed or was not understood, else the command's own. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(usage());
    return name === undefined ? 1 : 0;
  }
  if (name === 'version' || name === '--version') {
    terminal.out(`opsroom ${VERSION}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    terminal.err(
      `opsroom: unknown command ${JSON.stringify(name)}${didYouMean(name, Object.keys(commands))}; see "npm run opsroom -- --help"\n`,
    );
    return 1;
  }
  const end = rest.indexOf('--');
  const switches = end < 0 ? rest : rest.slice(0, end);
  if (switches.includes('--help') || switches.includes('-h')) {
    terminal.out(describe(name, command));
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`opsroom ${name}: ${error.message}; see "npm run opsroom -- ${name} --help"\n`);
    return 1;
  }
}

function usage(): string {
  const lines = Object.entries(commands).map(
    ([name, { takes, about }]) => `  ${`${name} ${takes}`.padEnd(34)} ${about}`,
  );
  return [
    'npm run opsroom -- <command>',
    '',
    ...lines,
    `  ${'version'.padEnd(34)} print the version`,
    '',
    'Each says more with --help. The server itself is started by "npm start".',
    '',
  ].join('\n');
}

const describe = (name: string, { takes, about, help }: Command): string =>
  [`npm run opsroom -- ${name} ${takes}`, '', `${about[0].toUpperCase()}${about.slice(1)}.`, '', ...help, ''].join(
    '\n',
  );
