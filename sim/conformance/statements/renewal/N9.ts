import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { hubHandshakes, issuances } from '../../judge/issued.ts';
import { defineStatement } from '../statement.ts';

export const N9 = defineStatement({
  id: 'N9',
  group: 'renewal',
  level: 'must',
  statement: 'stays connected after 200, and connects with the new certificate before the old one expires',
  source: 'D-REN',
  needs: ['csr', 'renewal'],
  worlds: ['renewal'],
  judge: (record) => {
    const renewed = issuances(record).find(({ event }) => event.kind === 'publish');
    if (renewed === undefined) return notExercised('the hub issued no certificate');
    const visits = hubHandshakes(record);
    const before = visits.findLast(({ connect }) => connect.at < renewed.event.at);
    const after = visits.find(({ connect }) => connect.at > renewed.event.at);
    const endsAt = (before?.opened.chain[0]?.notAfter ?? 0) - record.facts.startedAt;
    if (after === undefined)
      return failed('a connection with the new certificate', 'the client made no further connection', renewed.event);
    const isNew = after.opened.chain[0]?.thumbprint === renewed.chain[0];
    if (!isNew)
      return failed(
        'the new certificate in the next handshake',
        'the client sent another certificate',
        renewed.event,
        after.opened,
      );
    return after.connect.at <= endsAt
      ? passed(
          `the client connected with the new certificate ${showMs(endsAt - after.connect.at)} before the old one ended`,
          renewed.event,
          after.opened,
        )
      : failed(
          'a connection before the old certificate ends',
          `the client connected ${showMs(after.connect.at - endsAt)} after the old certificate ended`,
          renewed.event,
          after.opened,
        );
  },
});
