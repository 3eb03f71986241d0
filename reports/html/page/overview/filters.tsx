import { useMemo } from 'preact/hooks';
import type { Topic } from '../../../../core/run/topic.ts';
import type { PageEntry } from '../../page-data.ts';
import type { Filter } from '../route/route.ts';
import { Choice } from './choice.tsx';
import { suggestions } from './search.ts';

interface Settings {
  readonly entries: readonly PageEntry[];
  readonly topics: readonly Topic[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** The search field with suggestions, and more filters below it. */
export function Filters({ entries, topics, filter, onFilter }: Settings) {
  const choices = useMemo(
    () => ({
      tags: namesIn(entries.flatMap(({ tags }) => tags)),
      attestations: namesIn(entries.flatMap(({ attestations }) => attestations)),
      transports: namesIn(entries.flatMap(({ transports }) => transports)),
    }),
    [entries],
  );
  const { text = '' } = filter;
  const completions = useMemo(() => suggestions(text, entries), [text, entries]);
  const set = (word: keyof Filter, value: string): void => {
    const { [word]: _, ...others } = filter;
    onFilter(value === '' ? others : { ...others, [word]: value });
  };
  const covered = topics.filter(({ id }) => entries.some(({ covers }) => covers.includes(id)));
  const titles = covered.map(({ id, title }) => ({ value: id, text: title }));
  const { topic, tag, attestation, transport } = filter;
  const isOpen = [topic, tag, attestation, transport].some((value) => value !== undefined);
  return (
    <form class="filters" role="search" aria-label="Filter scenarios" onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span>Search</span>
        <input
          id="search"
          type="search"
          list="completions"
          autocomplete="off"
          spellcheck={false}
          value={text}
          placeholder="Any text, or check: code: hub: device: tag: attack: topic: file:"
          onInput={(event) => set('text', event.currentTarget.value)}
        />
        <datalist id="completions">
          {completions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
      <button type="button" class="quiet" disabled={Object.keys(filter).length === 0} onClick={() => onFilter({})}>
        Clear
      </button>
      <details class="more-filters" open={isOpen}>
        <summary>More filters</summary>
        <div class="choices">
          <Choice name="Topic" value={topic} options={titles} onChange={(value) => set('topic', value)} />
          <Choice name="Tag" value={tag} options={choices.tags} onChange={(value) => set('tag', value)} />
          <Choice
            name="Attestation"
            value={attestation}
            options={choices.attestations}
            onChange={(value) => set('attestation', value)}
          />
          <Choice
            name="Transport"
            value={transport}
            options={choices.transports}
            onChange={(value) => set('transport', value)}
          />
        </div>
      </details>
    </form>
  );
}

function namesIn(names: readonly string[]): readonly { readonly value: string; readonly text: string }[] {
  return [...new Set(names)].toSorted().map((value) => ({ value, text: value }));
}
