import type { StepVerdict } from '../../core/run/run.ts';
import { checkText } from './why-text.ts';

/**
 * Explains a step that did not pass, for a table that shows the expected and the actual result already: returns the values of the deciding
 * check or, if no check decided, the words that differ. Returns an empty text if the explanation would only repeat the two results.
 */
export function stepReason({ kind, expected, reason, trace }: StepVerdict): string {
  if (kind === 'pass') return '';
  const refusal = trace.find(({ passed }) => !passed);
  if (refusal !== undefined) return checkText(refusal);
  const only = `${expected.replace(': ', ': expected ')}, actual `;
  return reason.startsWith(only) && !reason.includes('; ') ? '' : reason;
}
