import { useEffect, useState } from 'preact/hooks';
import { dayText } from '../../../sentences/day-text.ts';
import { timeText } from '../../page/format/instant.ts';
import { passingText } from '../../../sentences/passing-text.ts';
import { spanText } from '../../page/format/span.ts';
import type { PlayState, StudioStep } from '../../studio-api.ts';

interface Settings {
  readonly state: PlayState;
  readonly steps: readonly StudioStep[];
}

/** Shows virtual time and the next step. Screen readers do not announce the time, because it changes too fast. */
export function Clock({ state, steps }: Settings) {
  const { until, kind, why, step } = state;
  const at = useTimeIn(state);
  const next = step === undefined ? undefined : steps[step];
  const words = { playing: 'Playing', paused: 'Paused', over: 'Ended' } as const;
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

/** Shows the length and the end of a jump of the clock. */
function Passing({ from, until }: { readonly from: number; readonly until: number }) {
  return (
    <p class="second">
      {passingText(spanText(from, until))}, until {dayText(until)}
    </p>
  );
}

/**
 * Returns the current virtual time in milliseconds since 1970. During a time jump it advances continuously, but not for users who prefer
 * reduced motion.
 */
export function useTimeIn(state: PlayState): number {
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
