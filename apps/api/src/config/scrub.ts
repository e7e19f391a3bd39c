import { type Document, isScalar, isSeq, parseDocument, visit } from 'yaml';

const SECRET_KEY = /(password|secret|token|credentials|_key|api_key|auth_identity)$/;
/** URLs that are secrets themselves: who has them can post. */
const SECRET_URL_KEY = /^(slack_api_url|api_url|webhook_url|mattermost_webhook_url)$/;

/**
 * The configuration's text as `status/config` shows it: without comments, with `<secret>` where a password, token or secret
 * URL stands and `xxxxx` for passwords inside other URLs. The text must be YAML that has been read without problems.
 */
export function scrub(text: string): string {
  const document = parseDocument(text, { schema: 'failsafe', merge: true });
  if (document.contents === null) return '';
  dropComments(document);
  visit(document, {
    Pair(_, pair, path) {
      if (!isScalar(pair.key)) return;
      const key = String(pair.key.value);
      if (key === 'secrets' && isSeq(pair.value)) pair.value.items.forEach(hide);
      if (key.endsWith('_file')) return;
      const inside = (name: string): boolean =>
        path.some((node) => 'key' in node && isScalar(node.key) && node.key.value === name);
      const secret = SECRET_KEY.test(key) || SECRET_URL_KEY.test(key);
      if (secret || (key === 'url' && inside('webhook_configs')) || (key === 'key' && inside('tls_config')))
        hide(pair.value);
    },
    Scalar(_, node) {
      if (typeof node.value === 'string') {
        node.value = node.value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*?):[^/?#@\s]*@/i, '$1:xxxxx@');
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

function hide(node: unknown): void {
  if (isScalar(node) && typeof node.value === 'string' && node.value !== '') node.value = '<secret>';
}

function dropComments(document: Document): void {
  document.comment = null;
  document.commentBefore = null;
  visit(document, {
    Node(_, node) {
      node.comment = null;
      node.commentBefore = null;
    },
  });
}
