import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { ComparedRuns } from '../../page/compare/compared-runs.tsx';
import type { PlaySummary } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import type { View } from '../use-view.ts';

interface Settings {
  readonly api: Api;
  readonly plays: readonly PlaySummary[];
  readonly view: View & { readonly page: 'compare' };
  readonly onView: (view: View) => void;
}

/** Compares the results and events of two plays. */
export function SideBySide({ api, plays, view, onView }: Settings) {
  const over = plays.filter(({ state }) => state.kind === 'over');
  const one = view.one ?? over.at(-2)?.play;
  const other = view.other ?? over.at(-1)?.play;
  const [runs, setRuns] = useState<readonly [Run, Run]>();
  const [trouble, setTrouble] = useState<string>();
  const tell = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error));
  useEffect(() => {
    setRuns(undefined);
    setTrouble(undefined);
    if (one === undefined || other === undefined) return;
    Promise.all([api.run(one), api.run(other)]).then(setRuns, tell);
  }, [api, one, other]);
  if (one === undefined || other === undefined) {
    return (
      <p class="empty">
        The comparison needs two runs that have ended. <a href="#choose">Choose a scenario to play.</a>
      </p>
    );
  }
  // While the page reads the list of plays, the list can be incomplete. So a play is missing only if the server refuses the request for it.
  const missing =
    trouble === undefined ? [] : [one, other].filter((number) => !plays.some(({ play }) => play === number));
  if (missing.length > 0) {
    return (
      <p class="empty">
        This studio has no run {missing.join(' and no run ')}. <a href="#choose">Choose a scenario to play.</a>
      </p>
    );
  }
  const choice = (name: string, value: number, pick: (play: number) => void) => (
    <label>
      <span>{name}</span>
      <select value={String(value)} onChange={(event) => pick(Number(event.currentTarget.value))}>
        {over.map((play) => (
          <option key={play.play} value={String(play.play)}>
            {nameOf(play)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="compare" aria-labelledby="compare">
      <h1 id="compare">Side by side</h1>
      <div class="choices-of-two">
        {choice('First', one, (play) => onView({ page: 'compare', one: play, other }))}
        {choice('Second', other, (play) => onView({ page: 'compare', one, other: play }))}
      </div>
      <p>
        <button type="button" onClick={() => void api.show({ play: one, beside: other, isRevealed: true }).catch(tell)}>
          Show both to the audience
        </button>
      </p>
      {trouble !== undefined && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      {runs !== undefined && <ComparedRuns one={runs[0]} other={runs[1]} href={() => undefined} />}
    </section>
  );
}

function nameOf({ play, title, variant, changed }: PlaySummary): string {
  return [`${play}: ${title}`, title.includes(variant) ? '' : variant, ...changed].filter(Boolean).join(' · ');
}
