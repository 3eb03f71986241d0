import type { CheckId } from '../../core/checks.ts';
import { mutationResultOf } from '../../core/run/mutation-result.ts';
import type { View } from '../define-report.ts';
import type { Paint } from '../markup/paint.ts';
import { paintOf } from '../markup/paint-of.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { Playback } from '../playback.ts';

/** Returns the line before a run with a disabled check, and an empty line. */
export function beforeMutation(check: CheckId, view: View): string {
  return `${mutationLine(check, paintOf(view))}\n\n`;
}

/**
 * Returns the lines with the mutation result. They come before the counts, because readers would otherwise mistake the counts for a normal
 * result.
 */
export function mutationLines({ sabotage, played }: Playback, paint: Paint): readonly string[] {
  if (sabotage === undefined) return [];
  const idsWith = (wanted: ReturnType<typeof mutationResultOf>): readonly string[] =>
    played.filter(({ run }) => mutationResultOf(run) === wanted).map(({ run }) => run.id);
  const detected = idsWith('noticed');
  const others = [
    `${idsWith('unnoticed').length} did not detect it`,
    `${idsWith('untouched').length} did not depend on it`,
    ...(idsWith('unknown').length === 0 ? [] : [`${idsWith('unknown').length} inconclusive`]),
  ].join(', ');
  const sum =
    detected.length === 0
      ? paint('red', 'no scenario detected the disabled check')
      : paint('green', `${detected.length} of ${played.length} scenarios detected the disabled check`);
  return [mutationLine(sabotage, paint), `${sum}; ${others}`, ...detected.map((id) => `  ${oneLine(id)}`), ''];
}

function mutationLine(check: CheckId, paint: Paint): string {
  return `${paint(['yellow', 'bold'], 'MUTATION')}  check ${check} is disabled: the results show only which scenarios detect this`;
}
