/** Keeps a text on disk that follows what it is made from. */
export interface Keeper {
  /** Something may have changed: written a moment later, together with what else changes until then. */
  touch(): void;
  /** Writes what is not written yet. */
  flush(): void;
  /** The same for the last time: nothing is written afterwards. */
  end(): void;
}

/** How long changes are gathered, in real milliseconds. A kill takes at most this much along. */
const gatherMs = 50;
/** Of its time, a lab spends at most this part on writing: a large state is written less often. */
const writingShare = 0.1;

/** @param write called with the text when it is another one than the last time. */
export function keepText(makeText: () => string, write: (text: string) => void): Keeper {
  let alarm: NodeJS.Timeout | undefined;
  let written: string | undefined;
  let pauseMs = gatherMs;
  let isEnded = false;
  const flush = (): void => {
    clearTimeout(alarm);
    alarm = undefined;
    const startedAt = performance.now();
    const text = makeText();
    if (text !== written) write(text);
    written = text;
    pauseMs = Math.max(gatherMs, (performance.now() - startedAt) / writingShare);
  };
  return {
    touch: () => {
      if (!isEnded) alarm ??= setTimeout(flush, pauseMs);
    },
    flush,
    end: () => {
      isEnded = true;
      flush();
    },
  };
}
