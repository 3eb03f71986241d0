import { useEffect, useState } from 'preact/hooks';
import { dayText, timeText } from '../../page/format/instant.ts';
import { spanText } from '../../page/format/span.ts';
import type { PlayState, StudioStep } from '../../studio-api.ts';

interface Settings {
  readonly state: PlayState;
  readonly steps: readonly StudioStep[];
}

/** Where virtual time is, and what comes next. The time itself is not read out: it changes faster than that. */
export function Clock({ state, steps }: Settings) {
  const { until, kind, why, step } = state;
  const at = useTimeIn(state);
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
      {kind === 'playing' && until !== undefined && <Passing from={state.at} until={until} />}
    </section>
  );
}

/** Over how much time goes by, and until when. */
function Passing({ from, until }: { readonly from: number; readonly until: number }) {
  return (
    <p class="second">
      {spanText(from, until)} go by, until {dayText(until)}
    </p>
  );
}

/** Where time is while it goes by: milliseconds since 1970. It stands still for those who asked for less motion. */
function useTimeIn(state: PlayState): number {
  const { kind, at, until, millisPerSecond } = state;
  const [now, setNow] = useState(at);
  useEffect(() => {
    setNow(at);
    if (kind !== 'playing' || until === undefined || millisPerSecond === undefined) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const begun = performance.now();
    const timer = setInterval(
      () => setNow(Math.min(until, at + ((performance.now() - begun) / 1000) * millisPerSecond)),
      100,
    );
    return () => clearInterval(timer);
  }, [kind, at, until, millisPerSecond]);
  return now;
}
