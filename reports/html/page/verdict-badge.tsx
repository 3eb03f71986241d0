import type { VerdictKind } from '../../../core/run/run.ts';
import { verdictWords } from './format/verdict-words.ts';

/** Shows a verdict as a word with its sign. */
export function VerdictBadge({ kind }: { readonly kind: VerdictKind }) {
  const { word, sign } = verdictWords[kind];
  return (
    <span class={`verdict ${kind}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}
