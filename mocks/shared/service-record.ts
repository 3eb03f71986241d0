import { createHash } from 'node:crypto';
import { defined } from '../../core/defined.ts';
import { firstFailed, type Decision } from '../../core/history/decision.ts';
import { parseSas } from '../../core/wire/sas.ts';
import type { ServiceRecord } from '../../core/history/events.ts';
import type { Credentials } from './credentials.ts';

/** Returns the line that a service writes into its log after it authenticated a client. */
export function serviceRecord(
  service: string,
  { from, token }: Credentials,
  decision: Decision,
  more: { readonly isChallenge?: boolean; readonly endorsementKey?: Buffer } = {},
): ServiceRecord {
  const read = token === undefined ? undefined : parseSas(token);
  const { endorsementKey, isChallenge = false } = more;
  return {
    service,
    identity: decision.subject,
    ...defined({ from }),
    outcome: firstFailed(decision)?.check ?? (isChallenge ? 'challenged' : 'attested'),
    ...defined({
      tokenExpiresAt: read && read.se * 1000,
      endorsementKey: endorsementKey && createHash('sha256').update(endorsementKey).digest('hex'),
    }),
  };
}
