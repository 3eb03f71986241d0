import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Checked, CheckRequest, ChoiceValue, StudioChoice, StudioText } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { useChecked } from './use-checked.ts';
import { useKept } from '../use-kept.ts';

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
  /** Throws away what was changed here: the file as it is on the disk now. */
  reset(): void;
  /** Whether it could be written. */
  save(): Promise<boolean>;
}

export function placeOf({ path }: Pick<StudioChoice, 'path'>): string {
  return path.join('\n');
}

/** Keeps a draft; every change of its text is checked by the server, the last one counts. */
export function useDraft(api: Api, onSaved: () => void): Draft {
  const [file, setFile] = useState('');
  const [disk, setDisk] = useState<StudioText>({ text: '', digest: '' });
  const [text, setText] = useState('');
  const [revision, setRevision] = useState(0);
  const [id, setId] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const kept = useKept({ file, text, disk });
  const show = (next: string): void => {
    setText(next);
    setRevision((count) => count + 1);
  };
  const tell = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error));
  const open = async (next: string, wanted = ''): Promise<void> => {
    setTrouble(undefined);
    try {
      const read = await api.text(next);
      // What a kept one was made from stays its base: nobody else's change is written over.
      const draft = kept.get(next) ?? { text: read.text, disk: read };
      setFile(next);
      setDisk(draft.disk);
      show(draft.text);
      setId(wanted);
    } catch (error) {
      tell(error);
    }
  };
  const checked = useChecked(api, { file, text, id }, tell);
  useEffect(() => {
    const { scenarios = [] } = checked ?? {};
    const [first] = scenarios;
    if (first !== undefined && !scenarios.some((one) => one.id === id)) setId(first.id);
  }, [checked]);
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
    reset: () => {
      kept.delete(file);
      void open(file, id);
    },
    save: async () => {
      setTrouble(undefined);
      try {
        const { digest } = await api.save({ file, text, digest: disk.digest });
        setDisk({ text, digest });
        onSaved();
        return true;
      } catch (error) {
        tell(error);
        return false;
      }
    },
  };
}

/** The choices of a variant as they are on the disk, by their place. */
function useBefore(api: Api, asked: Required<CheckRequest>): ReadonlyMap<string, StudioChoice> {
  // What is wrong with a text is told where it is checked to be played.
  const checked = useChecked(api, asked, () => {});
  return useMemo(() => new Map(checked?.choices.map((choice) => [placeOf(choice), choice])), [checked]);
}
