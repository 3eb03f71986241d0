import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';

interface Settings {
  readonly name: string;
  readonly index: PageIndex;
  readonly id: string;
  readonly onChoose: (id: string) => void;
}

/** Chooses the scenario of one side: a search field over all scenarios, and a button for each other variant of the same file. */
export function RunChoice({ name, index, id, onChoose }: Settings) {
  const list = useId();
  const names = useMemo(() => namesOf(index), [index]);
  const current = names.get(id) ?? '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const entry = index.entries.find((one) => one.id === id);
  const variants = index.entries.filter(({ file }) => file === entry?.file);
  return (
    <div class="run-choice">
      <label class="choice">
        <span>{name}</span>
        <input
          type="search"
          list={list}
          autocomplete="off"
          spellcheck={false}
          placeholder="Search a scenario"
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => {
            const written = event.currentTarget.value;
            setText(written);
            const found = [...names].find(([, one]) => one === written)?.[0];
            if (found !== undefined && found !== id) onChoose(found);
          }}
          onBlur={() => setText(current)}
        />
      </label>
      <datalist id={list}>
        {[...names].map(([one, words]) => (
          <option key={one} value={words} />
        ))}
      </datalist>
      {variants.length > 1 && (
        <p class="variant-chips">
          <span class="unseen">Variants of the same file: </span>
          {variants.slice(0, mostChips).map((one) => (
            <button
              key={one.id}
              type="button"
              class="chip"
              aria-pressed={one.id === id}
              onClick={() => onChoose(one.id)}
            >
              {one.variant}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

/** Maximum number of buttons for variants. The search field contains all variants. */
const mostChips = 6;

/** Returns the name of each scenario by its ID. Each name is unique, so that the name in the search field identifies a scenario. */
function namesOf({ entries, earlier }: PageIndex): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [list, when] of [
    [entries, ''],
    [earlier, ', earlier run'],
  ] as const) {
    for (const entry of list) {
      const name = `${nameOf(entry)}${when}`;
      const unique = taken.has(name) ? `${name}, ${entry.id}` : name;
      taken.add(unique);
      names.set(entry.id, unique);
    }
  }
  return names;
}

function nameOf({ title, variant }: PageEntry): string {
  const spoken = withSpokenDurations(title);
  return variant === '' || title.includes(variant) ? spoken : `${spoken} (${variant})`;
}
