import { useEffect, useRef } from 'preact/hooks';
import type { StudioText } from '../studio-api.ts';

/** An unsaved text, and the text on the disk that the user changed. */
interface Unsaved {
  readonly text: string;
  readonly disk: StudioText;
}

/**
 * Keeps the unsaved text of each file while the user looks at another scenario. The browser asks before it closes the page with unsaved
 * texts.
 */
export function useUnsaved({ file, text, disk }: Unsaved & { readonly file: string }): Map<string, Unsaved> {
  const { current: unsaved } = useRef(new Map<string, Unsaved>());
  useEffect(() => {
    if (file === '') return;
    if (text === disk.text) unsaved.delete(file);
    else unsaved.set(file, { text, disk });
  }, [file, text, disk]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (unsaved.size > 0) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  return unsaved;
}
