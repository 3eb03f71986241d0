import { consoleSubject } from '../../sim/play/attacker-console.ts';
import { attackResults, attackWords } from '../../core/findings/attack-results.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { Acted } from '../../sim/play/attacker-console.ts';

/** Describes the result of a console action: what the attacker did, how each attempt ended, and which check refused it. */
export function actSentences({ events, problem }: Acted & { readonly ok: true }): readonly string[] {
  const attacks = attackResults(events);
  const sentences = events.flatMap((event, index) => {
    const attack = attacks.get(index);
    const begin = attack === undefined ? '' : `${attackWords[attack.result].word}: `;
    if (event.kind === 'deed' && event.subject !== consoleSubject) return [`${event.subject}: ${event.sentence}`];
    if (event.kind === 'attempt-ended') return [`${begin}${event.device}: ${event.outcome}, ${event.sentence}`];
    if (event.kind === 'blast-radius') {
      return [
        `${begin}${event.impersonated.length} identities can be taken over: ${event.impersonated.join(', ') || 'none'}`,
      ];
    }
    if (event.kind !== 'decision') return [];
    const failed = firstFailed(event);
    return failed === undefined
      ? []
      : [
          `${event.judge} refuses, because check ${failed.check} failed: expected ${failed.expected}, found ${failed.found}`,
        ];
  });
  return problem === undefined ? sentences : [...sentences, problem];
}
