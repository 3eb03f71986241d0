import { consoleSubject } from '../../sim/play/attacker-console.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { Acted } from '../../sim/play/attacker-console.ts';

/** What came of an act, for who sits there: what was done, how each attempt ended, and the check that was in the way. */
export function actSentences({ events, problem }: Acted & { readonly ok: true }): readonly string[] {
  const told = events.flatMap((event) => {
    if (event.kind === 'deed' && event.subject !== consoleSubject) return [`${event.subject}: ${event.sentence}`];
    if (event.kind === 'attempt-ended') return [`${event.device}: ${event.outcome}, ${event.sentence}`];
    if (event.kind === 'blast-radius') {
      return [`${event.impersonated.length} identities can be taken over: ${event.impersonated.join(', ') || 'none'}`];
    }
    if (event.kind !== 'decision') return [];
    const failed = firstFailed(event);
    return failed === undefined
      ? []
      : [`${event.judge} refuses by ${failed.check}: expected ${failed.expected}, found ${failed.found}`];
  });
  return problem === undefined ? told : [...told, problem];
}
