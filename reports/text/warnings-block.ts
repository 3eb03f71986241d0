import type { Paint } from '../markup/paint.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { Playback } from '../playback.ts';

/** Lists each warning once for each file. Only reports that have no line for each scenario or file need this list. */
export function warningsBlock({ played }: Playback, paint: Paint): string {
  const warnings = new Set(
    played.flatMap(({ run }) => run.warnings.map((warning) => `${oneLine(run.file)}: ${oneLine(warning)}`)),
  );
  if (warnings.size === 0) return '';
  return `${[...warnings].map((warning) => `${paint('yellow', 'warning')}  ${warning}`).join('\n')}\n\n`;
}
