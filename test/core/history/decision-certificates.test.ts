import { expect, test } from 'vitest';
import { DecisionTrace } from '../../../core/history/decision.ts';

const span = { subject: 'CN=meter', issuer: 'CN=factory-ca', notBefore: 1, notAfter: 2 };

test('a decision tells the certificates that it was about, by names and time alone', () => {
  const trace = new DecisionTrace('dps', 'meter', 'registration', undefined);
  trace.setCertificates([{ ...span, subject: 'CN=other' }]);
  const certificate = { ...span, der: Buffer.from('of no concern') };
  trace.setCertificates([certificate]);
  expect(trace.decision().certificates).toEqual([span]);
});

test('a decision about none says nothing of certificates', () => {
  expect(new DecisionTrace('dps', 'meter', 'registration', undefined).decision()).not.toHaveProperty('certificates');
});
