import { useMemo } from 'preact/hooks';
import type { Run } from '../../../../../core/run/run.ts';
import { attackResults } from '../../../../../core/findings/attack-results.ts';
import { attackText } from '../../attack/attack-text.ts';

/** Lists the results of the attempts to get into service, with links to their events. Shows nothing for a run without attempts. */
export function Results({ run, onEvent }: { readonly run: Run; readonly onEvent: (event: number) => void }) {
  const ends = useMemo(() => {
    const attacks = attackResults(run.history);
    return run.history.flatMap((event, index) =>
      event.kind === 'attempt-ended' ? [{ index, text: attackText(event, attacks.get(index)) }] : [],
    );
  }, [run]);
  if (ends.length === 0) return null;
  return (
    <section class="results">
      <h3>Results</h3>
      <ul class="plain">
        {ends.slice(0, listed).map(({ index, text }) => (
          <li key={index}>
            <button type="button" class="link" onClick={() => onEvent(index)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
      {ends.length > listed && <p class="second">and {(ends.length - listed).toLocaleString('en')} more</p>}
    </section>
  );
}

const listed = 12;
