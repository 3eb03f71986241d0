import { verdictKinds, verdictWords } from '../format/verdict-words.ts';
import type { FileGroup } from './group-entries.ts';

interface Settings {
  readonly group: FileGroup;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly place: number;
  readonly count: number;
}

/** A scenario file in the list, with the number of its variants by verdict. A click shows or hides the variants. */
export function FileRow({ group: { file, entries }, isOpen, onToggle, place, count }: Settings) {
  const counts = verdictKinds
    .map((kind) => ({ kind, count: entries.filter(({ verdict }) => verdict.kind === kind).length }))
    .filter(({ count }) => count > 0);
  const seconds = entries.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000;
  return (
    <div class="file-row" role="listitem" aria-posinset={place} aria-setsize={count}>
      <button type="button" aria-expanded={isOpen} onClick={onToggle}>
        <span class="arrow" aria-hidden="true">
          {isOpen ? '▾' : '▸'}
        </span>
        <span class="path">{file}</span>
        <span class="tally">
          {counts.map(({ kind, count }) => (
            <span key={kind} class={kind}>
              {count} {verdictWords[kind].word.toLowerCase()}
            </span>
          ))}
        </span>
        <span class="second">{seconds.toFixed(2)} s</span>
      </button>
    </div>
  );
}
