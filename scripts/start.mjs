// `npm start -- [switches]`: installs and builds what is missing or out of date, then runs the server in the foreground.
import { spawn } from 'node:child_process';
import { ensureBuilt, ensureInstalled } from './steps.mjs';

ensureInstalled();
ensureBuilt();

// Relative paths on the command line mean the folder that npm was called in.
const cwd = process.env.INIT_CWD ?? process.cwd();
const main = new URL('../apps/api/dist/main.js', import.meta.url).pathname;
const server = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
