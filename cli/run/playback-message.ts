/** A message of the Playwright process to `rehearse run`, over the IPC channel between them. */
export type PlaybackMessage =
  /** IDs of the scenarios of this shard. */
  | { readonly kind: 'begun'; readonly ids: readonly string[] }
  | { readonly kind: 'scenario-started'; readonly id: string; readonly workerIndex: number }
  | {
      readonly kind: 'scenario-ended';
      readonly id: string;
      /** 0 for the first attempt. */
      readonly retry: number;
      readonly willRetry: boolean;
      readonly end: 'completed' | 'timed-out' | 'interrupted' | 'crashed';
      /** Absent if the scenario wrote no run.json. */
      readonly runFile?: string;
      readonly error?: string;
      readonly wallMs: number;
    }
  /** An error outside any scenario. */
  | { readonly kind: 'trouble'; readonly sentence: string }
  /** Output of a worker process, which our code never prints. */
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'ended' };
