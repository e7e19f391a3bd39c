import { byCodePoint } from '@opsroom/contracts';
import { Labels } from '@opsroom/promql';
import { WireError, WireReader } from './wire.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const reader = new WireReader();

/**
 * The labels in a series' bytes: `Label` fields (1), each with name (1) and value (2). Empty values are absent labels. Throws
 * `WireError` for what is no such message, for text that is not UTF-8 and for a name that stands twice.
 */
export function decodeLabels(bytes: Uint8Array): Labels {
  const pairs: [name: string, value: string][] = [];
  reader.reset(bytes);
  while (reader.at < bytes.length) {
    reader.end = bytes.length;
    if (reader.varint() !== 10) throw new WireError('a series has something else among its labels');
    pairs.push(decodePair(reader.lengthEnd()));
  }
  pairs.sort(([a], [b]) => byCodePoint(a, b));
  const present = pairs.filter(([, value]) => value !== '');
  for (let i = 1; i < pairs.length; i++) {
    if (pairs[i][0] === pairs[i - 1][0])
      throw new WireError(`label ${JSON.stringify(pairs[i][0])} stands twice in one series`);
  }
  return Labels.fromSorted(
    present.map(([name]) => name),
    present.map(([, value]) => value),
  );
}

function decodePair(end: number): [name: string, value: string] {
  let name = '';
  let value = '';
  reader.end = end;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag !== 10 && tag !== 18) {
      reader.skip(tag & 7);
      continue;
    }
    const textEnd = reader.lengthEnd();
    const text = decodeText(reader.slice(reader.at, textEnd));
    reader.at = textEnd;
    if (tag === 10) name = text;
    else value = text;
  }
  return [name, value];
}

export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WireError('a text is not valid UTF-8');
  }
}
