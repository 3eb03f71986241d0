import { expect, test } from 'vitest';
import { CertificateTable } from '../../../core/history/certificate-table.ts';
import { certificatesIn } from '../../../core/history/certificates-in.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { DecisionTrace } from '../../../core/history/decision.ts';

const span = { subject: 'CN=meter', issuer: 'CN=factory-ca', notBefore: 1, notAfter: 2 };

function certificate(name: string, octets = 3) {
  return { ...span, der: Buffer.alloc(octets, name), thumbprintSha256: `THUMB-${name}` };
}

test('a decision refers to each certificate by its thumbprint, and the table stores the certificate once', () => {
  const table = new CertificateTable();
  const trace = new DecisionTrace('dps', 'meter', 'registration', undefined, { table });
  trace.setCertificates([certificate('a'), certificate('b'), certificate('a')]);
  const decision = trace.decision();
  expect(decision.certificates?.map(({ thumbprint }) => thumbprint)).toEqual(['THUMB-a', 'THUMB-b', 'THUMB-a']);
  expect(JSON.stringify(decision)).not.toContain('der');
  const events: readonly HistoryEvent[] = [{ kind: 'decision', at: 0, ...decision }];
  expect(certificatesIn(events, table)).toEqual({ 'THUMB-a': 'YWFh', 'THUMB-b': 'YmJi' });
});

test('`certificatesIn` returns only the certificates of recorded events', () => {
  const table = new CertificateTable();
  const [kept] = [table.keep([certificate('kept')]), table.keep([certificate('unrecorded')])];
  const deed = { kind: 'deed', at: 0, party: 'manufacturer', subject: 'meter', sentence: 'x' } as const;
  expect(certificatesIn([{ ...deed, certificates: kept }, deed], table)).toEqual({ 'THUMB-kept': 'a2Vw' });
});

test('a full certificate table drops the oldest certificates', () => {
  const table = new CertificateTable(10);
  for (const name of ['a', 'b', 'c']) table.keep([certificate(name, 4)]);
  expect(['a', 'b', 'c'].map((name) => table.find(`THUMB-${name}`)?.length)).toEqual([undefined, 4, 4]);
});
