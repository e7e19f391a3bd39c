import { RE2JS } from 're2js';
import { FunctionError } from '../errors.js';

const CACHE_LIMIT = 200;
const cache = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = cache.get(pattern);
  if (known) return known;
  let made: RE2JS;
  try {
    made = RE2JS.compile(pattern);
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error));
  }
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(pattern, made);
  return made;
}

/** Whether the RE2 expression matches anywhere in the text. */
export const matchText = (pattern: string, text: string): boolean => compiled(pattern).matcher(text).find();

/** Go's ReplaceAllString: `$1`, `${1}` and `${name}` stand for groups, `$$` for a dollar. */
export function replaceText(pattern: string, replacement: string, text: string): string {
  const expression = compiled(pattern);
  const matcher = expression.matcher(text);
  let out = '';
  let last = 0;
  while (matcher.find()) {
    const names = matcher.getNamedGroups();
    out += text.slice(last, matcher.start());
    out += replacement.replace(
      /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
      (whole, dollar: string | undefined, braced: string | undefined, plain: string | undefined) => {
        if (dollar) return '$';
        const name = braced ?? plain ?? '';
        if (/^\d+$/.test(name)) return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? '') : '';
        return whole === '' ? '' : (names[name] ?? '');
      },
    );
    last = matcher.end();
  }
  return out + text.slice(last);
}
