import type { Run, StepVerdict } from '../../../../core/run/run.ts';
import type { PageIndex } from '../../page-data.ts';
import { expectationPlace } from '../../../sentences/expectation-place.ts';
import { SourceFrame } from './source/source-frame.tsx';
import { SourceLink } from './source/source-link.tsx';
import { StepTable } from './step-table.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly run: Run;
  /** Goes to an event; the index counts from 0. */
  readonly onEvent: (event: number) => void;
}

/** Shows expected and actual results, with the position of each expectation in the file. */
export function Steps({ index, run, onEvent }: Settings) {
  if (run.stepVerdicts.length === 0) return null;
  const place = (verdict: StepVerdict) => {
    const { line, step } = expectationPlace(run, verdict);
    return (
      <>
        <p class="place">
          expected by <SourceLink index={index} file={run.file} line={line} />
          {step !== undefined && (
            <>
              , step at line <SourceLink index={index} file={run.file} line={step} text={String(step)} />
            </>
          )}
        </p>
        <SourceFrame file={run.file} text={run.text} step={step} line={line} open={verdict.kind === 'fail'} />
      </>
    );
  };
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">Expected and actual</h2>
      <StepTable run={run} labelledBy="steps" onEvent={onEvent} below={place} />
    </section>
  );
}
