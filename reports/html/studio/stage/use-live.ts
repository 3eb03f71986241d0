import { useEffect, useState } from 'preact/hooks';
import type { HistoryEvent } from '../../../../core/history/events.ts';
import type { PlayState } from '../../studio-api.ts';
import type { Api } from '../api.ts';

/** The events of a play so far. */
export interface Live {
  /** Number of the play that the events belong to. For a moment after a new play starts, it is the number of the previous play. */
  readonly play: number;
  readonly events: readonly HistoryEvent[];
  readonly state: PlayState | undefined;
  readonly trouble: string | undefined;
}

/**
 * Follows a play. The page draws events that arrive at the same moment together.
 *
 * @param play number of the play; 0 if no play is displayed.
 * @param again if this value changes, reads the events again from the start, because the audience gets more fields after the reveal.
 */
export function useLive(api: Api, play: number, again = ''): Live {
  const [live, setLive] = useState<Live>(nothing);
  useEffect(() => {
    setLive({ ...nothing, play });
    if (play === 0) return;
    const abort = new AbortController();
    const events: HistoryEvent[] = [];
    let state: PlayState | undefined;
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      setLive({ play, events: [...events], state, trouble: undefined });
    };
    api
      .feed(
        play,
        0,
        (line) => {
          if (line.kind === 'happened') events.push(...line.events);
          else state = line.state;
          if (frame === 0) frame = requestAnimationFrame(draw);
        },
        abort.signal,
      )
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        cancelAnimationFrame(frame);
        setLive({ play, events: [...events], state, trouble: error instanceof Error ? error.message : String(error) });
      });
    return () => {
      abort.abort();
      cancelAnimationFrame(frame);
    };
  }, [api, play, again]);
  return live.play === play ? live : nothing;
}

const nothing: Live = { play: 0, events: [], state: undefined, trouble: undefined };
