import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';

/** A YAML text as plain data, with the way back to its lines. */
export interface YamlSource {
  readonly file: string;
  /**
   * Maps, lists and text: every scalar is the text that stands in the file ('' for none and for `null`), so that
   * `severity: 1.10` stays `1.10` as it does in Prometheus. The readers of the sections turn text into numbers.
   */
  readonly data: unknown;
  /** Syntax errors, each `file:line: message`. */
  readonly problems: readonly string[];
  /** `file:line` of a value, or of the key when `atKey`; of what surrounds it when it is not in the file. */
  locate(path: readonly PropertyKey[], atKey?: boolean): string;
}

/** Reads one YAML document; never throws. `file` is the name that messages show. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', merge: true, lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}:${Math.max(1, lines.linePos(offset).line)}`;
  const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`);

  const locate = (path: readonly PropertyKey[], atKey = false): string => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(path.slice(0, length), atKey && length === path.length);
      if (offset !== undefined) return at(offset);
    }
    return file;
  };

  const offsetOf = (path: readonly PropertyKey[], atKey: boolean): number | undefined => {
    if (atKey) {
      const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent)
        ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1))
        : undefined;
      if (pair && isScalar(pair.key)) return pair.key.range?.[0];
    }
    const node = document.getIn(path, true) as { range?: readonly number[] | null } | undefined;
    return node?.range?.[0];
  };

  return { file, data: problems.length > 0 ? undefined : toData(document), problems, locate };
}

function toData(document: Document.Parsed): unknown {
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && node.type === 'PLAIN' && /^(~|null|Null|NULL)$/.test(node.source ?? '')) node.value = '';
    },
  });
  return document.toJS({ maxAliasCount: 100 });
}
