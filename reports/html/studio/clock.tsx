import { useEffect, useState } from 'preact/hooks';
import { dayText, timeText } from '../page/format/instant.ts';
import { spanText } from '../page/format/span.ts';
import type { PlayState, StudioStep } from '../studio-api.ts';

interface Settings {
  readonly state: PlayState;
  readonly steps: readonly StudioStep[];
}

/** Where virtual time is, and what comes next. */
export function Clock({ state, steps }: Settings) {
  const { at, until, kind, why, step } = state;
  const next = step === undefined ? undefined : steps[step];
  const words = { playing: 'Playing', paused: 'Paused', over: 'Over' } as const;
  return (
    <section class={`clock ${kind}`} aria-label="Virtual time">
      <p class="now">
        <b>{dayText(at)}</b> <span>{timeText(at).slice(0, 8)} UTC</span>
      </p>
      <p class="clock-state" role="status">
        <strong>{words[kind]}</strong>
        {kind !== 'over' && next !== undefined && (
          <>
            {' '}
            · step {next.index + 1} of {steps.length}, {next.name} {next.subject}
          </>
        )}
        {why !== undefined && <span class="why"> {why}</span>}
      </p>
      {kind === 'playing' && until !== undefined && <Passing from={at} until={until} />}
    </section>
  );
}

/** That time goes by, without a number that changes too fast to be read. */
function Passing({ from, until }: { readonly from: number; readonly until: number }) {
  const [dots, setDots] = useState(1);
  useEffect(() => {
    const timer = setInterval(() => setDots((now) => (now % 3) + 1), 400);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="second">
      {spanText(from, until)} go by{'.'.repeat(dots)}
    </p>
  );
}
