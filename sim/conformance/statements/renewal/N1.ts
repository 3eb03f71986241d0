import { failed, notExercised, passed } from '../../judge/finding.ts';
import { hubHandshakes } from '../../judge/issued.ts';
import { renewalRequests } from '../../judge/renewals.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const N1 = defineStatement({
  id: 'N1',
  group: 'renewal',
  level: 'should',
  statement: 'requests a new certificate before the old one expires, after about 80 % of the validity',
  source: 'D-REN',
  needs: ['csr', 'renewal'],
  worlds: ['renewal'],
  judge: (record) => {
    const [request] = renewalRequests(record);
    const leaf = hubHandshakes(record).find(({ opened }) => opened.chain.length > 0)?.opened.chain[0];
    if (leaf === undefined) return notExercised('the client sent no certificate to the hub');
    const again = eventsOf(record, 'dps-request').filter(({ csr }) => csr !== undefined)[1];
    const event = request?.event ?? again;
    if (event === undefined)
      return failed('a certificate request before the end of the validity', 'the client sent no certificate request');
    const share = (record.facts.startedAt + event.at - leaf.notBefore) / (leaf.notAfter - leaf.notBefore);
    const shown = `the client sent a request after ${Math.round(share * 100)} % of the validity`;
    return share >= 0.5 && share < 0.97
      ? passed(shown, event)
      : failed('a request after 50 to 97 % of the validity', shown, event);
  },
});
