import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Checked, CheckRequest, ChoiceValue, Offer, StudioChoice, StudioText } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { useChecked } from './use-checked.ts';
import { useChoose } from './use-choose.ts';
import { useOffer } from './use-offer.ts';
import { useUnsaved } from '../use-unsaved.ts';

/** The open scenario file: its text on the disk, and the text with the changes of the user. */
export interface Draft {
  readonly file: string;
  readonly text: string;
  /** Number of changes that were made outside the editor. The editor shows the text anew when this number changes. */
  readonly revision: number;
  readonly isChanged: boolean;
  /** ID of the chosen variant. */
  readonly id: string;
  readonly checked: Checked | undefined;
  /** Result of the last check that found no mistakes in this file; undefined until a check found no mistakes. */
  readonly good: Checked | undefined;
  /** Choices in the file on the disk, by their path. */
  readonly before: ReadonlyMap<string, StudioChoice>;
  /** Message about a problem; undefined if there is none. */
  readonly trouble: string | undefined;
  /** The changes that the last choice needs, or `searching` while the server looks for them. */
  readonly offer: Offer | 'searching' | undefined;
  /** Makes the changes that the server offered for the last choice. */
  accept(offer: Offer): void;
  /** Undoes the last choice. */
  undo(): void;
  open(file: string, id?: string): void;
  choose(choice: StudioChoice, value: ChoiceValue): void;
  write(text: string): void;
  pick(id: string): void;
  /** Discards all changes and loads the file from the disk. */
  reset(): void;
  /** Saves the text. Resolves with true if the server has saved it. */
  save(): Promise<boolean>;
}

export function placeOf({ path }: Pick<StudioChoice, 'path'>): string {
  return path.join('\n');
}

/** Holds the draft of a scenario file. The server checks the text after every change. */
export function useDraft(api: Api, onSaved: () => void): Draft {
  const [file, setFile] = useState('');
  const [disk, setDisk] = useState<StudioText>({ text: '', digest: '' });
  const { text, setText, revision, show } = useText();
  const [id, setId] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const offers = useOffer(api, (next, variant) => {
    show(next);
    if (variant !== '') setId(variant);
  });
  const unsaved = useUnsaved({ file, text, disk });
  const tell = (error: unknown): void => setTrouble(error instanceof Error ? error.message : String(error));
  const open = async (next: string, wanted = ''): Promise<void> => {
    setTrouble(undefined);
    offers.clear();
    try {
      const read = await api.text(next);
      // An unsaved draft keeps the digest of its original text, so that saving cannot overwrite a later change on the disk.
      const draft = unsaved.get(next) ?? { text: read.text, disk: read };
      setFile(next);
      setDisk(draft.disk);
      show(draft.text);
      setId(wanted);
    } catch (error) {
      tell(error);
    }
  };
  const checked = useChecked(api, { file, text, id }, tell);
  const firstVariant = useSameVariant(checked, id, setId);
  const before = useBefore(api, { file, text: disk.text, id });
  const choose = useChoose({ api, draft: { file, text, id }, onChosen: offers.find, tell });
  return {
    file,
    text,
    revision,
    isChanged: text !== disk.text,
    id,
    checked,
    good: useLastGood(checked, file),
    before,
    trouble,
    ...offers.shown,
    open: (next, wanted) => {
      firstVariant();
      void open(next, wanted);
    },
    choose: (choice, value) => {
      setTrouble(undefined);
      choose(choice, value);
    },
    write: offers.endsWith(setText),
    pick: offers.endsWith(setId),
    reset: () => {
      unsaved.delete(file);
      void open(file, id);
    },
    save: async () => {
      setTrouble(undefined);
      const digest = await api.save({ file, text, digest: disk.digest }).then((saved) => saved.digest, tell);
      if (digest === undefined) return false;
      setDisk({ text, digest });
      onSaved();
      return true;
    },
  };
}

/**
 * Returns the text of the draft. The editor sets it with `setText`; other parts of the page set it with `show`, which also updates the
 * editor.
 */
function useText() {
  const [text, setText] = useState('');
  const [revision, setRevision] = useState(0);
  const show = (next: string): void => {
    setText(next);
    setRevision((count) => count + 1);
  };
  return { text, setText, revision, show };
}

/**
 * Keeps the same variant selected if a choice changes the name of the variant, and with it the ID. Returns a function that selects the
 * first variant again.
 */
function useSameVariant(checked: Checked | undefined, id: string, setId: (id: string) => void): () => void {
  const variant = useRef(0);
  useEffect(() => {
    const { scenarios = [] } = checked ?? {};
    const place = scenarios.findIndex((one) => one.id === id);
    if (place >= 0) variant.current = place;
    const kept = scenarios[variant.current] ?? scenarios[0];
    if (kept !== undefined && place < 0) setId(kept.id);
  }, [checked]);
  return () => {
    variant.current = 0;
  };
}

/** Keeps the last check without mistakes, so that the page keeps its title and choices while the user types. */
function useLastGood(checked: Checked | undefined, file: string): Checked | undefined {
  const last = useRef<{ readonly file: string; readonly checked: Checked }>(undefined);
  if (checked?.mistakes.length === 0) last.current = { file, checked };
  return last.current?.file === file ? last.current.checked : undefined;
}

/** Returns the choices of a variant on the disk, by their path. */
function useBefore(api: Api, request: Required<CheckRequest>): ReadonlyMap<string, StudioChoice> {
  // Problems are ignored here, because the check of the changed text reports them.
  const checked = useChecked(api, request, () => {});
  return useMemo(() => new Map(checked?.choices.map((choice) => [placeOf(choice), choice])), [checked]);
}
