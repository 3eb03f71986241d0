import type { Run } from '../../../../../core/run/run.ts';
import { SourceFrame } from './source-frame.tsx';

/**
 * Shows the lines of the scenario file for the step that an event belongs to. Shows nothing for events before the first step, or if the
 * text of the file is unknown.
 */
export function StepSource({ run, event }: { readonly run: Run; readonly event: number }) {
  const begun = run.history.slice(0, event + 1).findLast(({ kind }) => kind === 'step-started');
  if (begun?.kind !== 'step-started' || run.text === undefined) return null;
  return <SourceFrame file={run.file} text={run.text} step={begun.line} line={begun.line} open />;
}
