import { readdirSync, statSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

/** What makes a pattern of a name. */
export const MAGIC = /[*?[]/;

/**
 * Files that a pattern names, sorted: `*` and `?` stand for anything within one folder or file name, `[a-c]` and
 * `[^x]` for a character. A pattern without any of these names itself, whether it exists or not.
 */
export function expandGlob(pattern: string): string[] {
  if (!MAGIC.test(pattern)) return [pattern];
  const { root } = parse(pattern);
  let found = [root === '' ? '.' : root];
  const parts = pattern.slice(root.length).split(sep).filter(Boolean);
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    found = found.flatMap((folder) => {
      const names = MAGIC.test(part) ? namesIn(folder).filter((name) => matcherOf(part).test(name)) : [part];
      return names.map((name) => join(folder, name)).filter((path) => isThere(path, last));
    });
  }
  return found.sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isThere(path: string, wantsFile: boolean): boolean {
  try {
    return wantsFile ? statSync(path).isFile() : statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Matches one folder or file name as a part of a pattern does. */
export function matcherOf(part: string): RegExp {
  const source = part.replace(
    /\[(\^?)([^\]]*)\]|([\s\S])/g,
    (_, not: string | undefined, set: string | undefined, char: string | undefined) => {
      if (set !== undefined) return `[${not ?? ''}${set.replace(/[\\\]]/g, '\\$&')}]`;
      return char === '*' ? '[^/]*' : char === '?' ? '[^/]' : (char ?? '').replace(/[.+^${}()|\\/[\]-]/g, '\\$&');
    },
  );
  return new RegExp(`^${source}$`, 's');
}
