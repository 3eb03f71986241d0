import { judgeEach } from '../../judge/judge-each.ts';
import { renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N3 = defineStatement({
  id: 'N3',
  group: 'renewal',
  level: 'must',
  statement: 'sends `id`, `csr` and at most `replace`; `id` is its device ID',
  source: 'D-MQTT',
  needs: ['csr', 'renewal'],
  worlds: ['renewal'],
  judge: (record) =>
    judgeEach(renewalRequests(record), {
      missing: 'the client sent no certificate request to the hub',
      expected: `{ id: "${record.facts.deviceId}", csr, replace? }`,
      isRight: ({ body }) =>
        body !== undefined &&
        body['id'] === record.facts.deviceId &&
        typeof body['csr'] === 'string' &&
        Object.keys(body).every((name) => ['id', 'csr', 'replace'].includes(name)),
      describe: ({ body }) =>
        body === undefined ? 'no JSON object' : `{ ${Object.keys(body).join(', ')} }, id ${String(body['id'])}`,
      events: ({ event }) => [event],
    }),
});
