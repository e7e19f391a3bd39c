// `npm run opsroom -- <command>`: the command line, built when it is out of date.
import { spawn } from 'node:child_process';
import { ensureBuilt, ensureInstalled } from './steps.mjs';

ensureInstalled();
ensureBuilt();

const cli = new URL('../apps/api/dist/cli.js', import.meta.url).pathname;
const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
child.on('exit', (code) => process.exit(code ?? 1));
