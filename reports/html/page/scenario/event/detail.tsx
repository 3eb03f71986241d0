import { useMemo } from 'preact/hooks';
import type { Run } from '../../../../../core/run/run.ts';
import { attackResults, attackWords } from '../../../../../core/findings/attack-results.ts';
import { Results } from './results.tsx';
import { attackText } from '../../attack/attack-text.ts';
import { instantText } from '../../format/instant.ts';
import type { Repeat } from '../timeline/repeats.ts';
import { ClockNote } from '../timeline/clock-note.tsx';
import { EventFacts } from './event-facts.tsx';
import { StepSource } from '../source/step-source.tsx';
import { SecretsLedger } from '../secrets-ledger.tsx';

interface Settings {
  readonly run: Run;
  /** Index of the event in the history, from 0; undefined if no event is selected. */
  readonly event: number | undefined;
  readonly onEvent: (event: number) => void;
  /** The repeated block of rows that the row of the event can open or close. */
  readonly repeat?: (Repeat & { readonly isOpen: boolean }) | undefined;
  readonly onToggle?: (repeat: Repeat) => void;
}

/** Shows all details of one event. */
export function Detail({ run, event, onEvent, repeat, onToggle }: Settings) {
  const attacks = useMemo(() => attackResults(run.history), [run.history]);
  const happening = event === undefined ? undefined : run.history[event];
  if (event === undefined || happening === undefined) {
    return (
      <aside class="detail" aria-label="Event">
        <p class="empty">
          Choose an event, or press Play. Arrow keys go to the next or previous event, Home and End to the first or last
          one. Space plays and pauses.
        </p>
        <Results run={run} onEvent={onEvent} />
      </aside>
    );
  }
  const attack = attacks.get(event);
  return (
    <aside class="detail" aria-label="Event" tabIndex={0}>
      <p class="second">
        Event {(event + 1).toLocaleString('en')} · {instantText(happening.at)} UTC
      </p>
      <h3 aria-live="polite" class={attack === undefined ? undefined : attackWords[attack.result].tone}>
        {attackText(happening, attack)}
      </h3>
      {repeat !== undefined && (
        <p>
          <button type="button" onClick={() => onToggle?.(repeat)}>
            {repeat.isOpen ? 'Fold' : 'Show'} all {repeat.times.toLocaleString('en')} repeats
          </button>
        </p>
      )}
      <ClockNote history={run.history} event={event} />
      <EventFacts run={run} happening={happening} isAttack={attack !== undefined} onEvent={onEvent} />
      <SecretsLedger run={run} event={event} />
      <StepSource run={run} event={event} />
    </aside>
  );
}
