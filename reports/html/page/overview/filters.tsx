import { useMemo } from 'preact/hooks';
import type { Topic } from '../../../../core/run/topic.ts';
import type { PageEntry } from '../../page-data.ts';
import { verdictKinds, verdictWords } from '../format/verdict-words.ts';
import type { Filter } from '../route.ts';
import { Choice } from './choice.tsx';

interface Settings {
  readonly entries: readonly PageEntry[];
  readonly topics: readonly Topic[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** The filters of the list. */
export function Filters({ entries, topics, filter, onFilter }: Settings) {
  const choices = useMemo(
    () => ({
      tags: namesIn(entries.flatMap(({ tags }) => tags)),
      attestations: namesIn(entries.flatMap(({ attestations }) => attestations)),
      transports: namesIn(entries.flatMap(({ transports }) => transports)),
    }),
    [entries],
  );
  const set = (word: keyof Filter, value: string): void => {
    const { [word]: _, ...others } = filter;
    onFilter(value === '' ? others : { ...others, [word]: value });
  };
  const covered = topics.filter(({ id }) => entries.some(({ covers }) => covers.includes(id)));
  const verdicts = verdictKinds.map((kind) => ({ value: kind, text: verdictWords[kind].word }));
  const titles = covered.map(({ id, title }) => ({ value: id, text: title }));
  return (
    <form class="filters" role="search" aria-label="Filter scenarios" onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span>Text</span>
        <input
          type="search"
          value={filter.text ?? ''}
          placeholder="Title, variant, file, reason"
          onInput={(event) => set('text', event.currentTarget.value)}
        />
      </label>
      <Choice name="Verdict" value={filter.verdict} options={verdicts} onChange={(value) => set('verdict', value)} />
      <Choice name="Topic" value={filter.topic} options={titles} onChange={(value) => set('topic', value)} />
      <Choice name="Tag" value={filter.tag} options={choices.tags} onChange={(value) => set('tag', value)} />
      <Choice
        name="Attestation"
        value={filter.attestation}
        options={choices.attestations}
        onChange={(value) => set('attestation', value)}
      />
      <Choice
        name="Transport"
        value={filter.transport}
        options={choices.transports}
        onChange={(value) => set('transport', value)}
      />
      <button type="button" class="quiet" disabled={Object.keys(filter).length === 0} onClick={() => onFilter({})}>
        Clear
      </button>
    </form>
  );
}

function namesIn(names: readonly string[]): readonly { readonly value: string; readonly text: string }[] {
  return [...new Set(names)].toSorted().map((value) => ({ value, text: value }));
}
