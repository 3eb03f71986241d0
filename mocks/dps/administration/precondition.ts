import type { DecisionTrace } from '../../../core/history/decision.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';

/**
 * Checks the header If-Match (RFC 9110 13.1.1): its value must be the current ETag, or `*` for any version. A request
 * without the header matches every version.
 */
export function checkETag(
  ifMatch: string | undefined,
  present: string | undefined,
  trace: DecisionTrace,
): Problem | undefined {
  if (ifMatch === undefined) return undefined;
  const matches = present !== undefined && (ifMatch === '*' || ifMatch === present);
  return trace.check('etag-matches', matches, present ?? 'a version to match', ifMatch)
    ? undefined
    : problems.preconditionFailed;
}
