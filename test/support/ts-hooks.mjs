// Module hooks for ts-run.mjs: the transformer of the tests, the packages' sources in place of what was built of them.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from './ts-transform.mjs';

const packages = new Map(
  Object.entries({
    '@opsroom/contracts': 'contracts/src/index.ts',
    '@opsroom/contracts/schemas': 'contracts/src/schemas.ts',
    '@opsroom/templates': 'templates/src/index.ts',
    '@opsroom/promql': 'promql/src/index.ts',
    '@opsroom/client': 'client/src/index.ts',
  }).map(([name, path]) => [name, new URL(`../../libs/${path}`, import.meta.url).href]),
);

export function resolve(specifier, context, nextResolve) {
  const source = packages.get(specifier);
  if (source) return { url: source, shortCircuit: true };
  if (specifier.startsWith('.') && specifier.endsWith('.js')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: compile(await readFile(path, 'utf8'), path).code, shortCircuit: true };
}
