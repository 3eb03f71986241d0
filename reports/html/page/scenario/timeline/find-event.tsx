import { useState } from 'preact/hooks';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
}

/** A search field for events. Enter goes to the next match, Shift+Enter to the previous one. A button goes to the next refusal. */
export function FindEvent({ rows, chosen, onChoose }: Settings) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found =
    wanted === '' ? [] : rows.flatMap((row, place) => (row.text.toLowerCase().includes(wanted) ? [place] : []));
  const refusals = rows.flatMap(({ isRefusal }, place) => (isRefusal ? [place] : []));
  const go = (places: readonly number[], back = false): void => {
    const next = back ? places.findLast((place) => place < chosen) : places.find((place) => place > chosen);
    const place = next ?? (back ? places.at(-1) : places[0]);
    if (place !== undefined) onChoose(place);
  };
  return (
    <form
      class="find-event"
      role="search"
      aria-label="Find an event"
      onSubmit={(event) => {
        event.preventDefault();
        go(found);
      }}
    >
      <input
        type="search"
        aria-label="Find in events"
        placeholder="Find in events"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !event.shiftKey) return;
          event.preventDefault();
          go(found, true);
        }}
      />
      <span class="second" role="status" aria-label="Matching events">
        {wanted === '' ? '' : `${found.includes(chosen) ? `${found.indexOf(chosen) + 1} of ` : ''}${found.length}`}
      </span>
      <button type="button" disabled={refusals.length === 0} onClick={() => go(refusals)}>
        Next refusal
      </button>
    </form>
  );
}
