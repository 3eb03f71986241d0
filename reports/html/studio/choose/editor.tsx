import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api.ts';
import { openEditor, type OpenEditor } from './open-editor.ts';
import type { Draft } from './use-draft.ts';

interface Settings {
  readonly api: Api;
  readonly draft: Draft;
  readonly nonce: string;
}

/** The text of the scenario, with its mistakes. Only the Save button changes the file. */
export function Editor({ api, draft, nonce }: Settings) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<OpenEditor>(null);
  const [isSaved, setSaved] = useState(false);
  const latest = useRef(draft);
  latest.current = draft;
  const { file, text, revision, checked, isChanged } = draft;
  useEffect(() => {
    if (place.current === null) return;
    const opened = openEditor(place.current, {
      text: latest.current.text,
      nonce,
      onChange: (next) => {
        setSaved(false);
        latest.current.write(next);
      },
      complete: (whole, offset) => api.complete({ text: whole, offset }),
    });
    editor.current = opened;
    return () => opened.close();
  }, [api, file, nonce]);
  // This effect runs only if `revision` changes. After a key press, the text in the editor is newer than `text`, so `text` must not replace
  // it.
  useEffect(() => editor.current?.show(text), [revision]);
  useEffect(() => editor.current?.mark(checked?.mistakes ?? []), [checked]);
  const mistakes = checked?.mistakes ?? [];
  return (
    <section class="editor" aria-labelledby="text">
      <header>
        <h1 id="text">{file}</h1>
        <p class="editor-buttons">
          <button type="button" class="main" disabled={!isChanged} onClick={() => void draft.save().then(setSaved)}>
            Save to the file
          </button>
          <button type="button" disabled={!isChanged} onClick={() => draft.reset()}>
            Revert
          </button>
          <span class="second" role="status">
            {isChanged ? 'differs from the file' : isSaved ? 'saved' : 'same as the file'}
            {', '}
            {mistakes.length === 0
              ? 'no mistakes'
              : mistakes.length === 1
                ? '1 mistake'
                : `${mistakes.length} mistakes`}
          </span>
        </p>
      </header>
      <div class="editor-place" ref={place} />
      {mistakes.length > 0 && (
        <ul class="mistakes" aria-label="Mistakes">
          {mistakes.map(({ line, column, message }) => (
            <li key={`${line}:${column} ${message}`}>
              <button type="button" class="link" onClick={() => editor.current?.goTo(line, column)}>
                line {line}, column {column}
              </button>{' '}
              {message}
            </li>
          ))}
        </ul>
      )}
      <p class="second">Ctrl-Space lists completions. Press Escape and then Tab to leave the editor.</p>
    </section>
  );
}
