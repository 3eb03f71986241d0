import type { PageIndex } from '../../page-data.ts';
import { counted } from '../format/counted.ts';
import { verdictKinds, verdictWords } from '../format/verdict-words.ts';
import type { Filter } from '../route/route.ts';
import { headline } from './headline.ts';

interface Settings {
  readonly index: PageIndex;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** The number of scenarios with each verdict; a click on a number shows only these scenarios. */
export function Summary({ index, filter, onFilter }: Settings) {
  const { entries, wallMs, seed, shard, versions } = index;
  const counts = verdictKinds.map((kind) => ({
    kind,
    count: entries.filter(({ verdict }) => verdict.kind === kind).length,
  }));
  const flaky = entries.filter((entry) => entry.flaky).length;
  const { verdict, ...others } = filter;
  return (
    <section class="summary" aria-labelledby="title">
      <h1 id="title">{headline(index)}</h1>
      <ul class="counts" aria-label="Verdicts">
        {counts
          .filter(({ kind, count }) => count > 0 || kind === 'fail' || kind === 'pass')
          .map(({ kind, count }) => (
            <li key={kind}>
              <button
                type="button"
                class={`count ${kind}${count === 0 ? ' none' : ''}`}
                aria-pressed={verdict === kind}
                onClick={() => onFilter(verdict === kind ? others : { ...filter, verdict: kind })}
              >
                <strong>{count.toLocaleString('en')}</strong> <span>{verdictWords[kind].word}</span>
              </button>
            </li>
          ))}
      </ul>
      <p class="facts">
        {counted(entries.length, 'scenario')} in {(wallMs / 1000).toFixed(1)} s{flaky > 0 && <> · {flaky} flaky</>}
        {shard !== null && <> · shard {shard}</>} · seed <code>{seed}</code> · Rehearsal {versions.rehearsal}, Node{' '}
        {versions.node}
        {versions.swtpm !== undefined && <>, swtpm {versions.swtpm}</>}
      </p>
    </section>
  );
}
