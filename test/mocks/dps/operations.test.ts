import { expect, test } from 'vitest';
import { QuotaByDevice } from '../../../mocks/dps/quotas/quota-by-device.ts';
import { Quota } from '../../../core/rules/quota.ts';
import { Operations } from '../../../mocks/dps/operations.ts';
import type { Operation } from '../../../mocks/dps/registrations.ts';
import { noon } from '../clients/open-cloud.ts';

function operationsAt(registrationsPerMinute: number) {
  let now = noon;
  const clock = { now: () => now, sleep: async () => {} };
  const operations = new Operations(clock, registrationsPerMinute);
  const begin = (number: number): Operation => {
    const operation = {
      operationId: `4.${number}`,
      registrationId: `device-${number}`,
      doneAt: now,
      outcome: { kind: 'unassigned', record: {} },
    } as Operation;
    operations.add(operation);
    return operation;
  };
  return {
    operations,
    begin,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('DPS keeps the results of 15,000 operations, as many as a quota of 5000 a minute permits in three minutes', () => {
  const { operations, begin } = operationsAt(5000);
  for (let number = 0; number < 15_000; number++) begin(number);
  expect(operations.find('4.0')).toBeDefined();
  for (let number = 15_000; number < 20_000; number++) begin(number);
  expect([operations.find('4.0'), operations.lastOf('device-0')]).toEqual([undefined, undefined]);
  expect(operations.find('4.5000')).toBeDefined();
});

test('the result of an operation stays readable after its first read, until the service needs the space for later results', () => {
  const { operations, begin } = operationsAt(1e9);
  for (let number = 0; number < 20_000; number++) operations.wasRead(begin(number));
  expect(operations.find('4.19999')).toBeDefined();
  expect(operations.find('4.16000')).toBeUndefined();
});

test('DPS deletes a result a quarter of an hour after the operation, even if no device has read the result', () => {
  const { operations, begin, pass } = operationsAt(1000);
  operations.wasRead(begin(1));
  begin(2);
  pass(15 * 60_000);
  begin(3);
  expect([operations.find('4.1'), operations.find('4.2')].map((one) => one?.operationId)).toEqual(['4.1', '4.2']);
  pass(2 * 60_000);
  begin(4);
  expect([operations.find('4.1'), operations.find('4.2')]).toEqual([undefined, undefined]);
});

test('a device keeps its poll quota while it polls, and the quotas of idle devices are deleted', () => {
  let made = 0;
  const create = (): Quota => {
    made++;
    return new Quota({ limit: 2, windowMs: 10_000, counted: 'sliding' });
  };
  const quotas = new QuotaByDevice(create, 10_000);
  expect(quotas.of('a', noon).take(noon)).toBeUndefined();
  expect(quotas.of('a', noon + 9000).take(noon + 9000)).toBeUndefined();
  expect(quotas.of('a', noon + 9500).take(noon + 9500)).toBe(noon + 10_000);
  expect(quotas.of('a', noon + 10_500).take(noon + 10_500)).toBeUndefined();
  expect(quotas.of('a', noon + 18_000).take(noon + 18_000)).toBe(noon + 19_000);
  expect(made).toBe(1);
  quotas.of('b', noon + 60_000);
  quotas.of('b', noon + 90_000);
  quotas.of('a', noon + 90_000);
  expect(made).toBe(3);
});
