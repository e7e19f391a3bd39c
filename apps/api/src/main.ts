import 'reflect-metadata';
import { ConfigError } from './config/config-error.js';
import { loadConfig } from './config/load-config.js';
import { parseProcessOptions, type StartOptions } from './config/process-options.js';
import { usage } from './config/switches.js';
import { VERSION } from './config/version.js';
import { loadRules } from './rules/load-rules.js';
import { startServer } from './server.js';
import { StorageError } from './storage/storage-error.js';

/** Ends the process with what is wrong, each problem on a line of its own. */
function refuse(problems: readonly string[]): never {
  for (const problem of problems) process.stderr.write(`opsroom: ${problem}\n`);
  process.exit(1);
}

/** What the command line asks for. Prints and ends where that is all that it asks. */
function readOptions(): StartOptions {
  const options = parseProcessOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(usage());
    process.exit(0);
  }
  if (options.version) {
    process.stdout.write(`opsroom ${VERSION}\n`);
    process.exit(0);
  }
  return options;
}

try {
  const options = readOptions();
  const config = loadConfig(options);
  for (const warning of config.warnings) process.stderr.write(`opsroom: ${warning}\n`);
  if (options.checkConfig) {
    const { problems } = loadRules(config);
    if (problems.length > 0) throw new ConfigError(problems);
    process.stdout.write(`${config.process.configFile ?? 'the defaults'}: OK\n`);
    process.exit(0);
  }
  await startServer(config);
} catch (error) {
  if (error instanceof ConfigError) refuse(error.problems);
  if (error instanceof StorageError) refuse([error.message]);
  refuse([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
}
