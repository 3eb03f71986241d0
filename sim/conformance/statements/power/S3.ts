import { afterBoot } from '../../judge/after-act.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { isRenewalFilter, renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const S3 = defineStatement({
  id: 'S3',
  group: 'power',
  level: 'should',
  statement:
    'repeats the request with `replace`, or receives the late 200, if the power fails between 202 and 200 of a renewal',
  source: 'CS, GUIDE',
  needs: ['csr', 'renewal', 'state'],
  worlds: ['power-cut-renewal'],
  judge: (record) => {
    const later = afterBoot(record);
    if (later === undefined) return notExercised('no certificate request got 202');
    const again = renewalRequests({ events: later });
    const taken = later.find(
      (event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/200/'),
    );
    const subscribed = later.find(
      (event) => event.kind === 'subscribe' && event.filters.some(({ filter }) => isRenewalFilter(filter)),
    );
    if (taken !== undefined) return passed('the client got a certificate', taken);
    const [request] = again;
    return request === undefined
      ? failed(
          'a request with `replace`, or a subscription that receives the late 200',
          'the client sent no further request and received no 200',
          ...(subscribed === undefined ? later.slice(0, 1) : [subscribed]),
        )
      : failed('a certificate from the hub', 'the hub answered no request with 200', request.event);
  },
});
