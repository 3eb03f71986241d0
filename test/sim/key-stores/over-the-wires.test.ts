import { expect, test } from 'vitest';
import { playText } from '../play.ts';
import { hsmMissing, tpmKeysMissing } from './parts-present.ts';

const scenario = (store: string, transport: string, key: string): string => `
title: A key that cannot leave makes every handshake
pki: { root: { key: RSA-2048 }, ca: { issuer: root } }
cloud: { enrollmentGroups: { line: { x509: { ca: root } } } }
devices:
  it: { attestation: x509, keyStore: ${store}, transport: ${transport} }
timeline:
  - issue-certificate: { device: it, from: ca, key: ${key} }
  - power-on: it
    expect: { assigned: hub-eu, telemetry: accepted, attempts: 1 }
  - connect: it
    after: P6M
    expect: { assigned: hub-eu, attempts: 0 }
  - connect: it
    after: P7M
    expect: { refused: hub-certificate-valid-now }
`;

test.for([
  ['hsm', 'mqtt', 'P-256'],
  ['hsm', 'mqtt', 'RSA-2048'],
  ['hsm', 'https', 'P-256'],
  ['hsm', 'amqp', 'P-256'],
  ['hsm', 'mqtt-ws', 'P-256'],
  ['tpm', 'mqtt', 'P-256'],
  ['tpm', 'https', 'P-256'],
] as const)(
  'a device with its key in the key store %s is assigned over %s with a key of type %s',
  async ([store, transport, key], { skip }) => {
    const missing = store === 'hsm' ? hsmMissing : tpmKeysMissing;
    skip(missing !== undefined, missing);
    const [run] = await playText(scenario(store, transport, key));
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run?.warnings).toEqual([]);
    // DPS checked a certificate chain, so OpenSSL in Node had verified that the key of the leaf signed the handshake.
    const judged = (run?.history ?? []).flatMap((event) =>
      event.kind === 'decision' && event.judge === 'dps' ? event.checks : [],
    );
    expect(judged).toContainEqual(expect.objectContaining({ check: 'chain-signatures-match', passed: true }));
  },
);

test.skipIf(hsmMissing)(
  'a device with a key in an HSM verifies its server by its own clock before it sends data',
  async () => {
    const [run] = await playText(`
title: A clock without battery
devices:
  it: { attestation: x509, keyStore: hsm, ntp: false }
timeline:
  - issue-certificate: { device: it }
  - enroll: it
  - drain-clock: it
  - power-on: it
    expect: { refused: server-certificate-valid-now, telemetry: none }
`);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run?.history.filter(({ kind }) => kind === 'wire')).toEqual([]);
  },
);

test.skipIf(tpmKeysMissing)(
  'a step that needs an RSA key in a TPM fails, and a sentence gives the reason',
  async () => {
    const [run] = await playText(scenario('tpm', 'mqtt', 'RSA-2048'));
    expect(run?.verdict).toEqual({
      kind: 'fail',
      reason:
        'test.yaml:8:5 issue-certificate: keyStore: tpm makes P-256 keys, not RSA-2048; use P-256 or another key store',
    });
  },
);
