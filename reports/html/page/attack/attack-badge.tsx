import { type AttackResult, attackWords } from '../../../../core/findings/attack-results.ts';

/** Shows the result of an attack as words with a sign. */
export function AttackBadge({ result }: { readonly result: AttackResult }) {
  const { word, sign, tone } = attackWords[result];
  return (
    <span class={`attack-badge ${tone}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}
