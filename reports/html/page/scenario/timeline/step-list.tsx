import type { Run, VerdictKind } from '../../../../../core/run/run.ts';
import { dayText } from '../../../../sentences/day-text.ts';
import { verdictWords } from '../../format/verdict-words.ts';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly run: Run;
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
}

/** The steps of the timeline with their days and verdicts. A click goes to the start of the step. */
export function StepList({ run, rows, chosen, onChoose }: Settings) {
  const steps = rows.flatMap((row, place) => (row.kind === 'step' ? [{ row, place }] : []));
  const current = steps.findLast(({ place }) => place <= chosen)?.place;
  return (
    <nav class="step-list" aria-label="Steps">
      <ol>
        {steps.map(({ row, place }) => {
          const verdict = verdictOf(run, row);
          return (
            <li key={place}>
              <button
                type="button"
                aria-current={place === current ? 'step' : undefined}
                onClick={() => onChoose(place)}
              >
                <span class="name">{row.text.replace(/^Step (\d+): /, '$1 · ')}</span>
                <span class="second">{dayText(row.at)}</span>
                {verdict !== undefined && (
                  <span class={`verdict ${verdict}`} title={verdictWords[verdict].word}>
                    <span aria-hidden="true">{verdictWords[verdict].sign}</span>
                    <span class="unseen">{verdictWords[verdict].word}</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Returns the most serious verdict on the expectations of a step; undefined for a step without expectations. */
function verdictOf({ history, stepVerdicts }: Run, { event }: Row): VerdictKind | undefined {
  const begun = history[event];
  if (begun?.kind !== 'step-started') return undefined;
  const kinds = stepVerdicts.filter(({ step }) => step === begun.step).map(({ kind }) => kind);
  return (Object.keys(verdictWords) as VerdictKind[]).find((kind) => kinds.includes(kind));
}
