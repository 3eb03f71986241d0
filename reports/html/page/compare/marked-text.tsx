import type { Part } from './word-difference.ts';

/** A text whose changed words are marked. */
export function MarkedText({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <>
      {parts.map(({ text, changed }, index) =>
        changed ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
      )}
    </>
  );
}
