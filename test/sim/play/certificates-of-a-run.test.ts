import { expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { runShape } from '../../../reports/shapes/run-shape.ts';
import { playText } from '../play.ts';

const scenario = `
title: A leaf that expires
pki: { root: {}, ca: { issuer: root } }
cloud: { hubs: [hub-eu], enrollmentGroups: { certified: { x509: { ca: ca } } } }
devices: { thermostat: { attestation: x509 }, meter: { attestation: x509 } }
timeline:
  - issue-certificate: { device: thermostat, from: ca, validity: P30D }
  - issue-certificate: { device: meter, from: ca, validity: P30D }
  - power-on: thermostat
    expect: { assigned: hub-eu }
  - power-on: meter
    after: P60D
    expect: { refused: certificate-valid-now }
`;

test('a run stores each certificate of its events once, and stores no key', async () => {
  const [run] = await playText(scenario, 'certificates');
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  const { history = [], certificates = {} } = run ?? {};
  const spans = history.flatMap((event) =>
    event.kind === 'decision' || event.kind === 'deed' ? (event.certificates ?? []) : [],
  );
  // These events list the certificates: the action that issued each leaf, and the decisions of device, DPS and hub.
  expect(spans.length).toBeGreaterThan(6);
  expect(new Set(spans.map(({ thumbprint }) => thumbprint))).toEqual(new Set(Object.keys(certificates)));
  for (const [thumbprint, base64] of Object.entries(certificates)) {
    const read = parseCertificate(Buffer.from(base64, 'base64'));
    expect(read.ok && read.value.thumbprintSha256).toBe(thumbprint);
    const names = spans.filter((span) => span.thumbprint === thumbprint).map(({ subject }) => subject);
    expect(new Set(names)).toEqual(new Set([read.ok && read.value.subject]));
  }
  expect(JSON.stringify(run)).not.toContain('PRIVATE KEY');
  const issued = history.find((event) => event.kind === 'deed' && event.certificates !== undefined);
  expect(issued).toMatchObject({ subject: 'thermostat', certificates: [{ subject: 'CN=thermostat' }] });
});

test('the schema of `run.json` accepts a run with certificates, and a run of an earlier version without certificates', async () => {
  const [run] = await playText(scenario, 'shape');
  const { certificates, ...earlier } = JSON.parse(JSON.stringify(run));
  expect(certificates).toBeDefined();
  expect(runShape.safeParse({ ...earlier, certificates }).error).toBeUndefined();
  expect(runShape.safeParse(earlier).error).toBeUndefined();
});
