// Prints the import orders of architecture.mjs into docs/architecture.md; with --check it only says whether they are there.
import { readFileSync, writeFileSync } from 'node:fs';
import { libImports, orders } from '../architecture.mjs';

const path = new URL('../docs/architecture.md', import.meta.url);
const begin = '<!-- orders -->';
const end = '<!-- /orders -->';

const libs = Object.entries(libImports).map(
  ([lib, imports]) => `libs/${lib}: ${imports.join(', ') || 'imports nothing'}`,
);
const apps = Object.entries(orders)
  .filter(([root]) => root !== 'libs')
  .map(([root, folders]) => `${root}: ${folders.join(' < ')}`);
const printed = ['```', ...libs, ...apps, '```'].join('\n');

const text = readFileSync(path, 'utf8');
const from = text.indexOf(begin) + begin.length;
const to = text.indexOf(end);
const current = `${text.slice(0, from)}\n${printed}\n${text.slice(to)}`;

if (!process.argv.includes('--check')) {
  writeFileSync(path, current);
} else if (current !== text) {
  process.stderr.write(
    'docs/architecture.md does not show the orders of architecture.mjs: run "node scripts/orders.mjs"\n',
  );
  process.exit(1);
}
