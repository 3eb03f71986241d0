import { memberOf } from '../../judge/exchanges.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R3 = defineStatement({
  id: 'R3',
  group: 'registration',
  level: 'must',
  statement: 'sends a JSON object as `payload`, and at most 96 KB as body',
  source: 'REST-D, DF 11',
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(
      eventsOf(record, 'dps-request').filter(({ operation }) => operation !== 'poll'),
      {
        missing: 'the client sent no register request',
        expected: 'a JSON object of at most 98304 bytes, whose `payload` is an object or absent',
        isRight: ({ body, bytes }) => bytes <= 98_304 && isObject(body) && isPayload(memberOf(body, 'payload')),
        describe: ({ body, bytes }) =>
          `${bytes} bytes, payload ${JSON.stringify(memberOf(body, 'payload')) ?? 'absent'}`,
      },
    ),
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPayload(value: unknown): boolean {
  return value === undefined || value === null || isObject(value);
}
