import { useRef } from 'preact/hooks';
import type { Checked, CheckRequest, ChoiceValue, OfferRequest, StudioChoice } from '../../studio-api.ts';
import type { Api } from '../api.ts';

interface Settings {
  readonly api: Api;
  /** The open file, its text and the selected variant. */
  readonly draft: Required<CheckRequest>;
  /** Receives the text before and after each choice. */
  readonly onChosen: (change: OfferRequest) => void;
  readonly tell: (error: unknown) => void;
}

/**
 * Returns a function that applies a choice of the user. Choices are applied one after another, each to the newest text and to the variant
 * that the user selected last. The page can still show the fields of an earlier text or variant: the server has not checked the newest one.
 */
export function useChoose({
  api,
  draft,
  onChosen,
  tell,
}: Settings): (choice: StudioChoice, value: ChoiceValue) => void {
  const now = useRef(draft);
  now.current = draft;
  const position = useRef(0);
  const last = useRef(Promise.resolve());

  const apply = async (choice: StudioChoice, value: ChoiceValue): Promise<void> => {
    const { file, text } = now.current;
    const { id, checked } = await checkVariant(api, now.current, position);
    const { path } = checked.choices.find((one) => isSame(one, choice)) ?? choice;
    const changed = await api.choose({ text, path, value });
    // The user has opened another file in the meantime.
    if (now.current.file !== file) return;
    now.current = { ...now.current, text: changed.text };
    onChosen({ file, before: text, text: changed.text, id, path });
  };

  return (choice, value) => {
    const { file } = draft;
    last.current = last.current
      .then(async () => (now.current.file === file ? apply(choice, value) : undefined))
      .catch(tell);
  };
}

/** Two choices are the same property of the same object. Their paths differ if each is in the matrix entry of another variant. */
function isSame(one: StudioChoice, other: StudioChoice): boolean {
  return one.group === other.group && one.word === other.word;
}

/**
 * Checks the text for the selected variant. A choice can change the name of the variant, and with it the ID. Then the variant at the same
 * position is meant.
 *
 * @param position position of the variant in the last checked text.
 */
async function checkVariant(
  api: Api,
  { file, text, id }: Required<CheckRequest>,
  position: { current: number },
): Promise<{ readonly id: string; readonly checked: Checked }> {
  const checked = await api.check({ file, text, id });
  const found = checked.scenarios.findIndex((one) => one.id === id);
  if (found >= 0) position.current = found;
  const kept = checked.scenarios[position.current]?.id;
  if (found >= 0 || kept === undefined) return { id, checked };
  return { id: kept, checked: await api.check({ file, text, id: kept }) };
}
