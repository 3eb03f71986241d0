import type { VerdictKind } from '../../../../core/run/run.ts';
import { verdictWords } from '../format/verdict-words.ts';

/** The verdicts of a scenario in earlier runs and now, one bar for each run. Shows nothing if all verdicts are equal. */
export function Trend({ past, now }: { readonly past: readonly (VerdictKind | null)[]; readonly now: VerdictKind }) {
  if (!past.some((kind) => kind !== null && kind !== now)) return <span class="trend" />;
  const all = [...past, now];
  const words = all.map((kind) => (kind === null ? 'not run' : verdictWords[kind].word.toLowerCase())).join(', ');
  return (
    <span class="trend" role="img" aria-label={`Verdicts from the oldest run to this run: ${words}`} title={words}>
      {all.map((kind, index) => (
        <i key={index} class={kind ?? 'absent'} />
      ))}
    </span>
  );
}
