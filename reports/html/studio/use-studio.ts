import { useEffect, useState } from 'preact/hooks';
import type { PlaySummary, StudioFiles } from '../studio-api.ts';
import type { Api } from './api.ts';
import { type Draft, useDraft } from './choose/use-draft.ts';

/** The state of the presenter's page: the files, the open file, and the plays. */
export interface OpenStudio {
  readonly files: StudioFiles | undefined;
  readonly draft: Draft;
  readonly plays: readonly PlaySummary[];
  /** Number of the displayed play; 0 if no play is displayed. */
  readonly play: number;
  /** Message about a problem; undefined if there is none. */
  readonly trouble: string | undefined;
  open(file: string, id?: string): void;
  /** Shows a play with its scenario. */
  show(play: PlaySummary): void;
  began(play: number): void;
  readPlays(): void;
  tell(error: unknown): void;
  /** Removes the problem from the page. */
  clearTrouble(): void;
}

export function useStudio(api: Api): OpenStudio {
  const [files, setFiles] = useState<StudioFiles>();
  const [plays, setPlays] = useState<readonly PlaySummary[]>([]);
  const [play, setPlay] = useState(0);
  const [trouble, setTrouble] = useState<string>();
  const tell = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error));
  const readFiles = (): void => void api.files().then(setFiles, tell);
  const readPlays = (): void => void api.plays().then((read) => setPlays(read.plays), tell);
  const draft = useDraft(api, readFiles);
  useEffect(() => {
    readFiles();
    // After the user reloads the page, it shows the last play.
    api.plays().then((read) => {
      setPlays(read.plays);
      const last = read.plays.at(-1);
      if (last === undefined) return;
      setPlay(last.play);
      draft.open(last.file, last.id);
    }, tell);
  }, [api]);
  return {
    files,
    draft,
    plays,
    play,
    trouble,
    open: (file, id) => {
      setTrouble(undefined);
      setPlay(0);
      readPlays();
      draft.open(file, id);
    },
    show: ({ play: number, file, id }) => {
      setTrouble(undefined);
      setPlay(number);
      if (file !== draft.file) draft.open(file, id);
    },
    began: (begun) => {
      setTrouble(undefined);
      setPlay(begun);
      readPlays();
    },
    readPlays,
    tell,
    clearTrouble: () => setTrouble(undefined),
  };
}
