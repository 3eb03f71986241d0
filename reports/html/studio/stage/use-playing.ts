import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import type { PlaySummary } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { liveRun } from './live-run.ts';
import { type Live, useLive } from './use-live.ts';

interface Playing {
  readonly live: Live;
  /** True if the play is running or paused. */
  readonly isGoing: boolean;
  /** The run, with its verdict; undefined until the play has ended. */
  readonly run: Run | undefined;
  /** The run to display: the finished run, or a run with the events so far. */
  readonly shown: Run | undefined;
}

/** Follows a play to its end. @param onOver called at the end. */
export function usePlaying(
  api: Api,
  {
    play,
    plays,
    onOver,
    onTrouble,
  }: {
    /** Number of the play; 0 if no play is displayed. */
    readonly play: number;
    readonly plays: readonly PlaySummary[];
    readonly onOver: () => void;
    readonly onTrouble: (error: unknown) => void;
  },
): Playing {
  const live = useLive(api, play);
  const [run, setRun] = useState<Run>();
  const { state } = live;
  const isOver = state?.kind === 'over';
  useEffect(() => {
    setRun(undefined);
    if (!isOver) return;
    api.run(play).then(setRun, onTrouble);
    onOver();
  }, [api, play, isOver]);
  const summary = plays.find((one) => one.play === play);
  const shown = useMemo(
    () => run ?? (summary === undefined ? undefined : liveRun(summary, live.events)),
    [run, summary, live.events],
  );
  return { live, isGoing: state !== undefined && !isOver, run, shown };
}
