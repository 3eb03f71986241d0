import type { DecisionTrace } from '../../../core/history/decision.ts';

/**
 * Records the check `resource-found` about the entry with this ID.
 *
 * @returns true if the check passed or is disabled.
 */
export function checkFound(entry: object | undefined, id: string, trace: DecisionTrace): boolean {
  return trace.check('resource-found', entry !== undefined, id, entry === undefined ? 'none' : 'one');
}
