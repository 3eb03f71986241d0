import type { Run } from '../../../../core/run/run.ts';
import { drillText } from '../../../sentences/drill-text.ts';
import { lineText } from '../../../sentences/line-text.ts';
import { secretsText } from '../../../sentences/secrets-text.ts';
import { Findings } from './findings.tsx';

/**
 * Shows the findings of a run that are not results of its steps: production lines, drills (measured defences against stolen credentials),
 * secrets and signals. Shows nothing for a run without such findings.
 */
export function More({ run, onEvent }: { readonly run: Run; readonly onEvent: (event: number) => void }) {
  const sentences = [
    ...run.lines.map((line) => lineText(line, run.secrets)),
    ...run.drills.map((drill) => drillText(drill)),
    ...secretsText(run.secrets),
  ];
  if (sentences.length === 0 && run.signals.length === 0) return null;
  return (
    <section aria-labelledby="found">
      <h2 id="found">Findings</h2>
      <ul class="found">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Findings findings={run.signals} onEvent={onEvent} />
    </section>
  );
}
