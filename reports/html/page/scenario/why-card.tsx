import type { Run } from '../../../../core/run/run.ts';
import { failureText } from '../../../sentences/failure-text.ts';
import { decidingPlaceText } from '../../../sentences/why-text.ts';
import type { PageEntry } from '../../page-data.ts';
import { CopyButton } from '../copy-button.tsx';

interface Settings {
  readonly entry: PageEntry;
  readonly run: Run;
  /** Index of the event that decided the result, from 0; undefined if no event decided it. */
  readonly decisive: number | undefined;
  readonly onEvent: (event: number) => void;
}

/** Explains in one sentence why a scenario did not pass. Buttons copy the error, the command for a re-run, and a prompt. */
export function WhyCard({ entry, run, decisive, onEvent }: Settings) {
  if (entry.why === undefined || run.verdict.kind === 'skipped') return null;
  const place = decidingPlaceText(run);
  const error = failureText(run, plainView(entry.replay), (_style, text) => text);
  return (
    <section class="why-card" aria-labelledby="why">
      <h2 id="why">Why it {run.verdict.kind === 'fail' ? 'failed' : 'is inconclusive'}</h2>
      <p>{entry.why}</p>
      {place !== undefined && <p class="second">{capitalised(place)}.</p>}
      <p class="actions">
        {decisive !== undefined && (
          <button type="button" onClick={() => onEvent(decisive)}>
            Show the deciding event
          </button>
        )}
        <CopyButton name="Copy error" text={error} />
        <CopyButton name="Copy re-run command" text={entry.replay} />
        <CopyButton name="Copy prompt" text={promptOf(run, entry, error)} />
      </p>
    </section>
  );
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Returns a prompt for a colleague or an AI assistant. It contains all the information that is needed for an answer. */
function promptOf(run: Run, { replay, why = '' }: PageEntry, error: string): string {
  const file = run.text === undefined ? [] : ['', `The scenario file ${run.file}:`, '', run.text.trimEnd()];
  return [
    `A provisioning scenario of Rehearsal (a test lab for Azure Device Provisioning Service) did not pass: ${run.title}`,
    `Reason: ${why}`,
    'Explain the cause, and propose the smallest change of the scenario or of the device that corrects it.',
    '',
    error,
    '',
    `Run it again: ${replay}`,
    ...file,
  ].join('\n');
}

function plainView(replay: string) {
  return { colour: false, codeFrame: () => '', replayCommand: () => replay, reportFolder: '' };
}
