import { textIn } from '../../judge/exchanges.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R2 = defineStatement({
  id: 'R2',
  group: 'registration',
  level: 'must',
  statement: 'sends the same `registrationId` in the body as in the path',
  source: 'REST-D',
  worlds: ['plain', 'certificate', 'retry-after-3'],
  judge: (record) =>
    judgeEvents(
      eventsOf(record, 'dps-request').filter(({ operation }) => operation !== 'poll'),
      {
        missing: 'the client sent no register request',
        expected: `registrationId ${record.facts.registrationId}, or none`,
        isRight: ({ body, registrationId }) => [undefined, registrationId].includes(textIn(body, 'registrationId')),
        describe: ({ body }) => `registrationId in the body: ${textIn(body, 'registrationId') ?? 'none'}`,
      },
    ),
});
