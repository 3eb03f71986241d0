import { expect, test } from 'vitest';
import { DecisionTrace } from '../../../core/history/decision.ts';

const span = { subject: 'CN=meter', issuer: 'CN=factory-ca', notBefore: 1, notAfter: 2 };

test('a decision lists the checked certificates with only their names and validity', () => {
  const trace = new DecisionTrace('dps', 'meter', 'registration', undefined);
  trace.setCertificates([{ ...span, subject: 'CN=other' }]);
  const certificate = { ...span, der: Buffer.from('of no concern') };
  trace.setCertificates([certificate]);
  expect(trace.decision().certificates).toEqual([span]);
});

test('a decision without certificates has no list of certificates', () => {
  expect(new DecisionTrace('dps', 'meter', 'registration', undefined).decision()).not.toHaveProperty('certificates');
});
