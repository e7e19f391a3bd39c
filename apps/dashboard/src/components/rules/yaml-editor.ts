import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { RuleProblem } from '@opsroom/contracts';
import { editorHighlight, editorTheme } from '../form/editor-theme.js';

export interface YamlEditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  onChange(text: string): void;
  /** The line with the caret, counted from 1. */
  onLine(line: number): void;
}

export interface YamlEditor {
  setText(text: string): void;
  setReadOnly(readOnly: boolean): void;
  /** Underlines the lines that are wrong; problems without a line are shown elsewhere. */
  setProblems(problems: readonly RuleProblem[]): void;
  /** Puts the caret on a line and brings it into sight. */
  goTo(line: number, focus: boolean): void;
  destroy(): void;
}

/** Room that is left above a line that one is brought to. */
const ABOVE_PX = 40;

const layout = EditorView.theme({
  '&': { height: '100%' },
  '.cm-scroller': { overflow: 'auto' },
  '.cm-activeLine': { backgroundColor: 'var(--raised)' },
  // The stock marker is a picture in a colour of its own.
  '.cm-lint-marker-error': { content: 'normal', color: 'var(--critical)', fontSize: '10px' },
  '.cm-lint-marker-error::before': { content: '"▲"' },
  '.cm-tooltip-lint': { maxWidth: '60ch' },
  '.cm-diagnostic-error': { borderLeft: 'none' },
});

/** An editor for a rule file: numbered lines, problems at theirs. Escape, then Tab leaves it by keyboard. */
export function openYamlEditor(options: YamlEditorOptions): YamlEditor {
  const editable = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        highlightActiveLine(),
        yaml(),
        EditorState.tabSize.of(2),
        syntaxHighlighting(editorHighlight),
        editorTheme,
        layout,
        EditorView.contentAttributes.of({ 'aria-label': options.label, autocapitalize: 'off', spellcheck: 'false' }),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        editable.of([]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
          if (update.docChanged || update.selectionSet)
            options.onLine(update.state.doc.lineAt(update.state.selection.main.head).number);
        }),
      ],
    }),
  });
  const lineOf = (line: number): ReturnType<typeof view.state.doc.line> =>
    view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setReadOnly(readOnly) {
      view.dispatch({ effects: editable.reconfigure(readOnly ? EditorState.readOnly.of(true) : []) });
    },
    setProblems(problems) {
      const found = problems.flatMap(({ line, message }): Diagnostic[] => {
        if (line === undefined) return [];
        const { from, to, text } = lineOf(line);
        return [{ from: from + text.length - text.trimStart().length, to, severity: 'error', message }];
      });
      view.dispatch(setDiagnostics(view.state, found));
    },
    goTo(line, focus) {
      const { from } = lineOf(line);
      view.dispatch({ selection: { anchor: from } });
      // The editor alone, where its own way would scroll the page as well.
      view.requestMeasure({
        read: () => view.lineBlockAt(from).top,
        write: (top) => (view.scrollDOM.scrollTop = Math.max(0, top - ABOVE_PX)),
      });
      if (focus) view.focus();
    },
    destroy: () => view.destroy(),
  };
}
