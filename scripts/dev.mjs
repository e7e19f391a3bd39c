// `npm run dev`: the server restarts and the page reloads as files change. The page is at the address that Vite prints.
import { spawn } from 'node:child_process';
import { bin, ensureBuilt, ensureInstalled, root, say } from './steps.mjs';

ensureInstalled();
ensureBuilt();

const tasks = [
  // One compiler watches libs and server; node restarts when its output changes.
  [
    bin('tsc'),
    [
      '-b',
      '--watch',
      '--preserveWatchOutput',
      'libs/contracts',
      'libs/templates',
      'libs/promql',
      'libs/client',
      'apps/api/tsconfig.app.json',
    ],
  ],
  [
    process.execPath,
    [
      '--watch-path=apps/api/dist',
      '--watch-path=libs',
      '--watch-preserve-output',
      '--enable-source-maps',
      '--no-warnings',
      'apps/api/dist/main.js',
      // The page comes from Vite's own address, and asks the server through its proxy.
      ...['--allow-origin', 'http://127.0.0.1:5173'],
      ...process.argv.slice(2),
    ],
  ],
  [bin('vite'), ['apps/dashboard', '--clearScreen', 'false']],
];
const children = tasks.map(([command, args]) => spawn(command, args, { stdio: 'inherit', cwd: root }));
const stop = () => children.forEach((child) => child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) {
  child.on('exit', (code) => {
    if (code) say(`a task ended with code ${code}`);
    stop();
  });
}
