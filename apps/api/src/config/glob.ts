import { existsSync, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

const MAGIC = /[*?[]/;

/**
 * Files that a pattern names, sorted. As Go's filepath.Glob: `*` and `?` within one name, `[a-z]`; a pattern without any of them
 * names itself, whether the file exists or not, so that a missing one can be an error. `pattern` is absolute.
 */
export function expandGlob(pattern: string): string[] {
  if (!MAGIC.test(pattern)) return [pattern];
  const { root } = parse(pattern);
  let found = [root];
  for (const part of pattern.slice(root.length).split(sep)) {
    if (!MAGIC.test(part)) {
      found = found.map((folder) => join(folder, part)).filter((path) => existsSync(path));
      continue;
    }
    const matches = toRegExp(part);
    found = found.flatMap((folder) =>
      entries(folder)
        .filter((name) => matches.test(name))
        .map((name) => join(folder, name)),
    );
  }
  return found.sort();
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Each construct consumes at least one character or is bounded by the next, so the engine's own matcher is safe on file names. */
function toRegExp(part: string): RegExp {
  const source = part.replace(/\[(\^?)([^\]]+)\]|[*?]|[\\^$.|+(){}[\]]/g, (token, negated: string, set: string) => {
    if (set) return `[${negated}${set.replaceAll('\\', '\\\\')}]`;
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
