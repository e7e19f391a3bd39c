/**
 * The label name that a URL means: `U__` marks names in the values escaping of Prometheus 3, where `_68_` stands for U+0068
 * and `__` for one underscore. Undefined when the escapes cannot be read, or the name is empty.
 */
export function unescapeLabelName(name: string): string | undefined {
  if (!name.startsWith('U__')) return name === '' ? undefined : name;
  const escaped = name.slice(3);
  let plain = '';
  for (let at = 0; at < escaped.length;) {
    if (escaped[at] !== '_') {
      plain += escaped[at++];
      continue;
    }
    if (escaped[at + 1] === '_') {
      plain += '_';
      at += 2;
      continue;
    }
    const code = /^_([0-9a-f]{1,6})_/i.exec(escaped.slice(at));
    const point = code ? parseInt(code[1], 16) : NaN;
    if (!code || !(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    plain += String.fromCodePoint(point);
    at += code[0].length;
  }
  return plain === '' ? undefined : plain;
}
