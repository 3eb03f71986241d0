import { failed, notExercised, passed } from '../../judge/finding.ts';
import { issuances } from '../../judge/issued.ts';
import { withCsr } from '../../judge/with-csr.ts';
import type { EventOf, WorldRecord } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const I9 = defineStatement({
  id: 'I9',
  group: 'issuance',
  level: 'should',
  statement: 'makes a new key pair for each certificate request',
  source: 'D-REN',
  needs: ['csr'],
  worlds: ['leaf-revoked'],
  judge: (record) => {
    const [first, ...later] = issued(record);
    if (first === undefined) return notExercised('the client got no certificate');
    const [second] = later;
    if (second === undefined) return notExercised('the client requested only one certificate');
    return first.csr?.key === second.csr?.key
      ? failed('another public key', 'both certificate requests have the same public key', first, second)
      : passed('the certificate requests have different keys', first, second);
  },
});

/**
 * Returns the first request with a certificate signing request, and all such requests that the client sent after DPS had issued the first
 * certificate.
 */
function issued(record: WorldRecord): readonly EventOf<'dps-request'>[] {
  const requests = withCsr(record);
  const [answer] = issuances(record);
  const [first] = requests;
  if (answer === undefined || first === undefined) return [];
  return [first, ...requests.filter(({ at }) => at > answer.event.at)];
}
