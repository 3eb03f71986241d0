import { useMemo } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { type AttackEvent, attackResults, attackWords } from '../../../../core/findings/attack-results.ts';
import { attackText } from '../attack/attack-text.ts';
import { instantText } from '../format/instant.ts';
import { hashOf } from '../route/route.ts';
import { useNarrow } from '../use-narrow.ts';
import { Windowed } from '../windowed.tsx';
import { MarkedText } from './marked-text.tsx';
import type { Pair } from './paired-events.ts';
import { type Part, wordDifference } from './word-difference.ts';

interface Settings {
  readonly one: Run;
  readonly other: Run;
  readonly pairs: readonly Pair[];
}

/** Shows the events of two runs side by side. */
export function ComparedEvents({ one, other, pairs }: Settings) {
  const isNarrow = useNarrow();
  const ofOne = useMemo(() => attackResults(one.history), [one]);
  const ofOther = useMemo(() => attackResults(other.history), [other]);
  return (
    <div class="compared-events" role="list" aria-label="Events of both">
      <Windowed
        count={pairs.length}
        rowHeight={isNarrow ? 64 : 44}
        rows={(first, end) =>
          pairs.slice(first, end).map(({ left, right, differs }, index) => {
            const [ours, theirs] = wordDifference(textAt(one, left, ofOne), textAt(other, right, ofOther));
            return (
              <div
                key={first + index}
                class={`pair${differs ? ' differs' : ''}`}
                role="listitem"
                aria-posinset={first + index + 1}
                aria-setsize={pairs.length}
              >
                {differs && <span class="unseen">differs: </span>}
                <Side run={one} place={left} attacks={ofOne} parts={ours} />
                <span class="sign" aria-hidden="true">
                  {differs ? (left === undefined ? '+' : right === undefined ? '−' : '≠') : ''}
                </span>
                <Side run={other} place={right} attacks={ofOther} parts={theirs} />
              </div>
            );
          })
        }
      />
    </div>
  );
}

interface SideSettings {
  readonly run: Run;
  readonly place: number | undefined;
  readonly attacks: ReadonlyMap<number, AttackEvent>;
  /** The text of the event in parts. The parts mark the words that differ from the event on the other side. */
  readonly parts: readonly Part[];
}

/** Returns the text of an event; empty if `place` is undefined, because this side has no event in the row. */
function textAt(run: Run, place: number | undefined, attacks: ReadonlyMap<number, AttackEvent>): string {
  const event = place === undefined ? undefined : run.history[place];
  return event === undefined || place === undefined ? '' : attackText(event, attacks.get(place));
}

function Side({ run, place, attacks, parts }: SideSettings) {
  const event = place === undefined ? undefined : run.history[place];
  if (place === undefined || event === undefined) return <span class="absent">nothing</span>;
  const attack = attacks.get(place);
  return (
    <span class={`side ${event.kind}${attack === undefined ? '' : ` attack ${attackWords[attack.result].tone}`}`}>
      <a href={hashOf({ page: 'scenario', id: run.id, event: place + 1 })}>
        <MarkedText parts={parts} />
      </a>
      <span class="second">{instantText(event.at)}</span>
    </span>
  );
}
