import { useEffect, useRef, useState } from 'preact/hooks';
import type { Checked, CheckRequest } from '../../studio-api.ts';
import type { Api } from '../api.ts';

/** What the server says about a text; undefined until it has said something about this file. The last answer counts. */
export function useChecked(
  api: Api,
  { file, text, id }: Required<CheckRequest>,
  onTrouble: (error: unknown) => void,
): Checked | undefined {
  const [answer, setAnswer] = useState<{ readonly file: string; readonly checked: Checked }>();
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    if (file === '') return;
    api.check({ file, text, ...(id === '' ? {} : { id }) }).then(
      (checked) => mine === turn.current && setAnswer({ file, checked }),
      (error: unknown) => mine === turn.current && onTrouble(error),
    );
  }, [api, file, text, id]);
  return answer?.file === file ? answer.checked : undefined;
}
