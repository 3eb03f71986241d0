import { useEffect, useRef } from 'preact/hooks';
import type { StudioText } from '../studio-api.ts';

/** A text that was changed and not saved, and what it was made from. */
interface Kept {
  readonly text: string;
  readonly disk: StudioText;
}

/**
 * Keeps what was changed in each file and not saved: who looks at another scenario finds it again, and the browser asks before
 * it closes the page over it.
 */
export function useKept({ file, text, disk }: Kept & { readonly file: string }): Map<string, Kept> {
  const { current: kept } = useRef(new Map<string, Kept>());
  useEffect(() => {
    if (file === '') return;
    if (text === disk.text) kept.delete(file);
    else kept.set(file, { text, disk });
  }, [file, text, disk]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (kept.size > 0) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  return kept;
}
