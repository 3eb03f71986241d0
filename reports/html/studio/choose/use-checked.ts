import { useEffect, useRef, useState } from 'preact/hooks';
import { defined } from '../../../../core/defined.ts';
import type { Checked, CheckRequest } from '../../studio-api.ts';
import type { Api } from '../api.ts';

/** Returns the result of the last check of a text by the server; undefined until the server has checked this file once. */
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
    api.check({ file, text, ...defined({ id: id === '' ? undefined : id }) }).then(
      (checked) => mine === turn.current && setAnswer({ file, checked }),
      (error: unknown) => mine === turn.current && onTrouble(error),
    );
  }, [api, file, text, id]);
  return answer?.file === file ? answer.checked : undefined;
}
