import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { classHighlighter } from '@lezer/highlight';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import type { Completed, StudioMistake } from '../../studio-api.ts';

interface Settings {
  readonly text: string;
  /** Nonce of the page. The browser ignores styles without the nonce. */
  readonly nonce: string;
  readonly onChange: (text: string) => void;
  readonly complete: (text: string, offset: number) => Promise<Completed>;
}

export interface OpenEditor {
  /** Replaces the text in the editor after a change outside the editor. */
  show(text: string): void;
  mark(mistakes: readonly StudioMistake[]): void;
  /** Moves the cursor; both numbers count from 1. */
  goTo(line: number, column: number): void;
  close(): void;
}

/** Opens an editor for YAML in an element of the page. */
export function openEditor(parent: Element, { text, nonce, onChange, complete }: Settings): OpenEditor {
  let isReplacing = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        yaml(),
        indentUnit.of('  '),
        syntaxHighlighting(classHighlighter),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'Text of the scenario', spellcheck: 'false' }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        autocompletion({
          override: [
            async (context) => {
              const { state, pos, explicit } = context;
              if (!explicit && context.matchBefore(/[\w-]+$/) === null) return null;
              const found = await complete(state.doc.toString(), pos).catch(() => undefined);
              if (found === undefined || found.options.length === 0) return null;
              return {
                from: found.from,
                options: found.options.map(({ label, insert, detail }) => ({ label, apply: insert, info: detail })),
                validFor: /^[\w-]*$/,
              };
            },
          ],
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isReplacing) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show: (next) => {
      if (next === view.state.doc.toString()) return;
      isReplacing = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      isReplacing = false;
    },
    mark: (mistakes) => {
      const diagnostics = mistakes.map((mistake): Diagnostic => {
        const { from, to } = spanOf(view.state, mistake);
        return { from, to, severity: 'error', message: mistake.message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo: (line, column) => {
      const { from } = spanOf(view.state, { line, column, message: '' });
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

/** Returns the range from the position of a mistake to the end of its word. */
function spanOf({ doc }: EditorState, { line, column }: StudioMistake): { readonly from: number; readonly to: number } {
  const found = doc.line(Math.max(1, Math.min(doc.lines, line)));
  const from = Math.min(found.to, found.from + Math.max(0, column - 1));
  const word = /^["']?[^\s,}\]]*/.exec(found.text.slice(from - found.from))?.[0] ?? '';
  return { from, to: Math.min(found.to, from + Math.max(1, word.length)) };
}
