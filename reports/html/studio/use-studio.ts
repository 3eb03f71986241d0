import { useEffect, useState } from 'preact/hooks';
import type { PlaySummary, StudioFiles } from '../studio-api.ts';
import type { Api } from './api.ts';
import { type Draft, useDraft } from './choose/use-draft.ts';

/** What the presenter's page knows: the files, the one that is open, and what has been played. */
export interface OpenStudio {
  readonly files: StudioFiles | undefined;
  readonly draft: Draft;
  readonly plays: readonly PlaySummary[];
  /** The play that is shown; 0 for none. */
  readonly play: number;
  /** What went wrong, in a sentence. */
  readonly trouble: string | undefined;
  open(file: string, id?: string): void;
  /** Shows a play again, with the scenario that it is of. */
  show(play: PlaySummary): void;
  began(play: number): void;
  readPlays(): void;
  tell(error: unknown): void;
  /** Nobody has to read any more what went wrong. */
  calm(): void;
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
    // A page that is loaded again goes on with what was played last.
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
    calm: () => setTrouble(undefined),
  };
}
