import { autocompletion, closeBrackets, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import type { TextRange } from '@opsroom/contracts';
import { editorHighlight, editorTheme } from '../form/editor-theme.js';

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
        syntaxHighlighting(editorHighlight),
        editorTheme,
        EditorView.theme({ '.cm-scroller': { maxHeight: '240px' } }),
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
