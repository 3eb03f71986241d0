import type { DecisionTrace } from '../../../core/history/decision.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';

/** Judges If-Match (RFC 9110 13.1.1): the ETag as the service wrote it, or `*` for any version. No header asks for nothing. */
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
