import { useEffect } from 'preact/hooks';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import type { Api } from '../api.ts';
import type { Draft } from '../choose/use-draft.ts';

interface Settings {
  readonly draft: Draft;
  /** The text below the title: the goal of the lesson. The story of the scenario is not shown, because the story tells the outcome. */
  readonly text: string;
  /** Number of the displayed play; 0 if none has started yet. */
  readonly play: number;
  /** True if a play is running. The audience then sees the play. */
  readonly isBusy: boolean;
}

/** Shows the audience a card with the title of the open scenario until the play of this scenario starts. */
export function useTitleCard(api: Api, { draft: { checked, id }, text, play, isBusy }: Settings): void {
  const title = checked?.scenarios.find((one) => one.id === id)?.title;
  useEffect(() => {
    if (title === undefined || play !== 0 || isBusy) return;
    // The presenter's page works without an audience, so a problem here is not shown.
    api.show({ play: 0, isRevealed: false, card: { title: withSpokenDurations(title), text } }).catch(() => {});
  }, [api, title, text, play, isBusy]);
}
