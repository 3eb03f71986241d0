import { expect, onTestFinished, test } from 'vitest';
import { secret, startLab } from './lab-process.ts';
import { LabCalls } from './state/lab-calls.ts';

const fleet = 10_000;
const yaml = `
cloud:
  assignment: PT0S
  quotas: { registrationsPerMinute: 1000000 }
  enrollmentGroups: { devices: { symmetricKey: true } }
`;

test('if the registration quota is raised, 10,000 devices can register at once and read the status of their operations', async () => {
  const { ready } = await startLab({ 'lab.yaml': yaml }, ['lab.yaml']);
  const key = await secret(ready, 'devices primaryKey');
  const calls = new LabCalls(ready, true, 16);
  onTestFinished(() => calls.close());
  const names = Array.from({ length: fleet }, (_, index) => `device-${index}`);
  const begun = await Promise.all(names.map((name) => calls.beginByHttps(name, key)));
  expect(new Set(begun.map(({ status }) => status))).toEqual(new Set([202]));
  const operations = begun.map(({ body }) => body['operationId']);
  const polled = await Promise.all(names.map((name, index) => calls.pollByHttps(name, key, operations[index])));
  const found = new Map<string, number>();
  for (const { status, body } of polled) {
    const outcome = `${status} ${String(body['status'] ?? body['errorCode'])}`;
    found.set(outcome, (found.get(outcome) ?? 0) + 1);
  }
  expect(Object.fromEntries(found)).toEqual({ '200 assigned': fleet });
}, 600_000);
