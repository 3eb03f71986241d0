import { useState } from 'preact/hooks';

/** A button that copies a text to the clipboard, and then shows whether the copy succeeded. */
export function CopyButton({ name, text }: { readonly name: string; readonly text: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // A browser may refuse clipboard access to a page that is loaded from a file. In this case the button selects the text in a text
      // field and copies the selection, which browsers still allow.
      setState(copiedBySelection(text) ? 'copied' : 'refused');
    }
  };
  const words = { ready: name, copied: 'Copied', refused: 'The browser does not allow copying' };
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      <span aria-live="polite">{words[state]}</span>
    </button>
  );
}

function copiedBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}
