import { firstFailed } from '../../core/history/decision.ts';
import type { HistoryEvent } from '../../core/history/events.ts';

/** Finds the important events, for which an audience needs time: steps, actions of attackers, attempts with their ends, and refusals. */
export class News {
  /** Refusals of the current step. If a device retries for hours and is always refused for one reason, only the first refusal is news. */
  readonly #refusals = new Set<string>();

  /** Returns true if an event is important. Call this method once for each event, in order. */
  matters(event: HistoryEvent): boolean {
    switch (event.kind) {
      case 'step-started':
        this.#refusals.clear();
        return true;
      case 'deed':
        return event.party === 'attacker';
      case 'decision': {
        const failed = firstFailed(event);
        if (failed === undefined) return false;
        const refusal = `${event.judge} ${event.subject} ${failed.check}`;
        const isNew = !this.#refusals.has(refusal);
        this.#refusals.add(refusal);
        return isNew;
      }
      case 'attempt-started':
      case 'attempt-ended':
      case 'blast-radius':
      case 'drill':
      case 'fleet':
      case 'reconciled':
      case 'signals':
        return true;
      case 'step-ended':
      case 'time-jumped':
      case 'asked-afar':
      case 'secret':
      case 'unit':
      case 'line-ended':
      case 'wire':
      case 'client-hello':
      case 'service-record':
      case 'quiet-visits':
        return false;
    }
  }
}
