import { autocompletion, closeBrackets, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import type { TextRange } from '@opsroom/contracts';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly placeholder: string;
  /** Where the server's query API is, for completion; without a slash at its end. */
  readonly serverUrl: string;
  onChange(text: string): void;
  onSubmit(): void;
  onCancel(): void;
}

export interface PromqlEditor {
  setText(text: string): void;
  /** Underlines what the server refused; null takes it away. */
  setError(error: { readonly message: string; readonly position?: TextRange | undefined } | null): void;
  focus(): void;
  destroy(): void;
}

/** Weight and the accent only: hues belong to state and to series. */
const highlight = HighlightStyle.define([
  {
    tag: [tags.function(tags.variableName), tags.keyword, tags.modifier, tags.operatorKeyword],
    color: 'var(--accent)',
  },
  { tag: [tags.labelName, tags.comment], color: 'var(--muted)' },
  { tag: [tags.string, tags.number], color: 'var(--s2)' },
]);

const theme = EditorView.theme({
  '&': { fontSize: '12px', color: 'var(--text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', maxHeight: '240px' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--raised)', color: 'inherit' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--critical)',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--edge)',
    borderRadius: '5px',
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '12px', maxHeight: '260px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-completionDetail': { marginLeft: '12px', color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)' },
  '.cm-completionInfo': { padding: '4px 8px', maxWidth: '320px' },
});

/** An editor for one expression with completion from the server. Enter submits, Shift+Enter breaks the line, Escape gives up. */
export function openPromqlEditor(options: EditorOptions): PromqlEditor {
  const promql = new PromQLExtension()
    .activateLinter(false)
    .setComplete({ remote: { url: options.serverUrl, httpMethod: 'GET' } });
  const submit = (view: EditorView): boolean => {
    if (completionStatus(view.state) === 'active') return false;
    options.onSubmit();
    return true;
  };
  const cancel = (view: EditorView): boolean => {
    if (completionStatus(view.state) !== null) return false;
    options.onCancel();
    return true;
  };
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        // Below the completion's own keys, which rank highest, above the default ones.
        Prec.high(
          keymap.of([
            { key: 'Enter', run: submit },
            { key: 'Escape', run: cancel },
          ]),
        ),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false }),
        promql.asExtension(),
        syntaxHighlighting(highlight),
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.label, autocapitalize: 'off', spellcheck: 'false' }),
        placeholderOf(options.placeholder),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setError(error) {
      const { length } = view.state.doc;
      const from = Math.min(error?.position?.start ?? 0, Math.max(0, length - 1));
      const to = Math.min(Math.max(error?.position?.end ?? length, from + 1), length);
      const found = error && length > 0 ? [{ from, to, severity: 'error' as const, message: error.message }] : [];
      view.dispatch(setDiagnostics(view.state, found));
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
