import { useEffect, useRef, useState } from 'preact/hooks';
import type { Checked, ChoiceValue, StudioChoice } from '../studio-api.ts';
import type { Api } from './api.ts';

/** The scenario file that is open, as it is on the disk and as it has been changed here. */
export interface Draft {
  readonly file: string;
  readonly text: string;
  /** Counts changes that were not written in the editor, which has to show them. */
  readonly revision: number;
  readonly isChanged: boolean;
  /** The variant that is to be played. */
  readonly id: string;
  readonly checked: Checked | undefined;
  /** Choices as they are on the disk, by their place. */
  readonly before: ReadonlyMap<string, StudioChoice>;
  /** What went wrong, in a sentence. */
  readonly trouble: string | undefined;
  open(file: string, id?: string): void;
  choose(choice: StudioChoice, value: ChoiceValue): void;
  write(text: string): void;
  pick(id: string): void;
  reset(): void;
  save(): Promise<void>;
}

export function placeOf({ path }: Pick<StudioChoice, 'path'>): string {
  return path.join('\n');
}

/** Keeps a draft; every change of its text is checked by the server, the last one counts. */
export function useDraft(api: Api, onSaved: () => void): Draft {
  const [file, setFile] = useState('');
  const [disk, setDisk] = useState({ text: '', digest: '' });
  const [text, setText] = useState('');
  const [revision, setRevision] = useState(0);
  const [id, setId] = useState('');
  const [checked, setChecked] = useState<Checked>();
  const [trouble, setTrouble] = useState<string>();
  const turn = useRef(0);
  const show = (next: string): void => {
    setText(next);
    setRevision((count) => count + 1);
  };
  const tell = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error));
  const open = async (next: string, wanted = ''): Promise<void> => {
    setTrouble(undefined);
    try {
      const read = await api.text(next);
      setFile(next);
      setDisk(read);
      show(read.text);
      setId(wanted);
      setChecked(undefined);
    } catch (error) {
      tell(error);
    }
  };
  useEffect(() => {
    if (file === '') return;
    const mine = ++turn.current;
    api.check({ file, text, ...(id === '' ? {} : { id }) }).then((found) => {
      if (mine !== turn.current) return;
      setChecked(found);
      const [first] = found.scenarios;
      if (first !== undefined && !found.scenarios.some((one) => one.id === id)) setId(first.id);
    }, tell);
  }, [api, file, text, id]);
  const before = useBefore(api, { file, text: disk.text, id });
  return {
    file,
    text,
    revision,
    isChanged: text !== disk.text,
    id,
    checked,
    before,
    trouble,
    open: (next, wanted) => void open(next, wanted),
    choose: ({ path }, value) => {
      setTrouble(undefined);
      api.choose({ text, path, value }).then((changed) => show(changed.text), tell);
    },
    write: (next) => setText(next),
    pick: (next) => setId(next),
    reset: () => show(disk.text),
    save: async () => {
      setTrouble(undefined);
      try {
        const { digest } = await api.save({ file, text, digest: disk.digest });
        setDisk({ text, digest });
        onSaved();
      } catch (error) {
        tell(error);
      }
    },
  };
}

/** The choices of a variant as they are on the disk, by their place. */
function useBefore(
  api: Api,
  { file, text, id }: { readonly file: string; readonly text: string; readonly id: string },
): ReadonlyMap<string, StudioChoice> {
  const [before, setBefore] = useState<ReadonlyMap<string, StudioChoice>>(new Map());
  useEffect(() => {
    if (file === '' || id === '') return;
    api.check({ file, text, id }).then(
      ({ choices }) => setBefore(new Map(choices.map((choice) => [placeOf(choice), choice]))),
      // What is wrong with a text is told where it is checked to be played.
      () => setBefore(new Map()),
    );
  }, [api, file, text, id]);
  return before;
}
