import { failed, notExercised, passed } from '../../judge/finding.ts';
import { renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N4 = defineStatement({
  id: 'N4',
  group: 'renewal',
  level: 'should',
  statement: 'sends no second request without `replace` while an accepted request is open',
  source: 'CS, GUIDE',
  needs: ['csr', 'renewal'],
  worlds: ['renewal-pending'],
  judge: (record) => {
    const [first, ...later] = renewalRequests(record);
    if (first === undefined) return notExercised('the client sent no certificate request to the hub');
    const second = later.find(({ body }) => body?.['replace'] === undefined || body['replace'] === null);
    return second === undefined
      ? passed('the client sent no second request without `replace`', first.event)
      : failed(
          'no request before `operationExpires`, or a request with `replace`',
          'the client sent a second request without `replace`',
          first.event,
          second.event,
        );
  },
});
