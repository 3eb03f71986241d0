/** What the Playwright process tells `rehearse run` while it plays, over the channel between them. */
export type PlaybackMessage =
  /** Ids of the scenarios that this shard plays. */
  | { readonly kind: 'begun'; readonly ids: readonly string[] }
  | { readonly kind: 'scenario-started'; readonly id: string; readonly workerIndex: number }
  | {
      readonly kind: 'scenario-ended';
      readonly id: string;
      /** 0 for the first attempt. */
      readonly retry: number;
      readonly willRetry: boolean;
      readonly end: 'completed' | 'timed-out' | 'interrupted' | 'crashed';
      /** Absent where it did not come to a run.json. */
      readonly runFile?: string;
      readonly error?: string;
      readonly wallMs: number;
    }
  /** Something went wrong outside any scenario. */
  | { readonly kind: 'trouble'; readonly sentence: string }
  /** What a playing process printed; none of ours should. */
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'ended' };
