import { expect } from 'vitest';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { openRegistry, openServiceClient } from '../hub-clients.ts';
import { hub, mintNow, type Lab } from '../lab.ts';
import { Owner } from '../owner.ts';
import type { Network } from './network.ts';

export const credentialNames = ['key', 'group key', 'certificate', 'group certificate'] as const;
export type CredentialName = (typeof credentialNames)[number];

const initialTwin = { properties: { desired: { rate: 5 } } };

/** Enrolls a device. Returns the credentials that the test program needs: a key, or the paths of a certificate and its key. */
export async function enroll(lab: Lab, network: Network, id: string, credential: CredentialName): Promise<object> {
  const owner = new Owner(lab);
  if (credential === 'key') {
    await owner.enroll(id, { attestation: { type: 'symmetricKey' }, initialTwin });
    return { key: (await owner.keysOf(id)).primary.toString('base64') };
  }
  if (credential === 'group key') {
    await owner.enrollGroup(`${id}-group`, { attestation: { type: 'symmetricKey' }, initialTwin });
    return { key: deriveDeviceKey((await owner.groupKeysOf(`${id}-group`)).primary, id).toString('base64') };
  }
  const issuer = credential === 'certificate' ? undefined : await mintNow(`${id}-ca`, undefined, {});
  const leaf = await mintNow(id, issuer);
  const certificate = { certificate: (issuer ?? leaf).pem };
  if (issuer === undefined) {
    const x509 = { clientCertificates: { primary: certificate } };
    await owner.enroll(id, { attestation: { type: 'x509', x509 }, initialTwin });
  } else {
    const x509 = { signingCertificates: { primary: certificate } };
    await owner.enrollGroup(`${id}-group`, { attestation: { type: 'x509', x509 }, initialTwin });
  }
  const chain = leaf.pem + (issuer?.pem ?? '');
  return { cert: network.file(`${id}.pem`, chain), certKey: network.file(`${id}.key`, leaf.privateKeyPem) };
}

/** The notifications that a device must receive after `notifyDevice`. */
export const expectedNotifications = {
  desired: { rate: 7, $version: 2 },
  method: { name: 'blink', payload: { times: 3 } },
} as const;

/** Changes a desired property of a device and calls a method as a service client does. Returns the answer of the method. */
export async function notifyDevice(lab: Lab, id: string): Promise<unknown> {
  await openRegistry(lab).updateTwin(id, { properties: { desired: { rate: 7 } } }, '*');
  const call = { methodName: 'blink', payload: { times: 3 }, responseTimeoutInSeconds: 20, connectTimeoutInSeconds: 5 };
  return (await openServiceClient(lab).invokeDeviceMethod(id, call)).result;
}

/** Sends a message to the device as a service client does. */
export function sendToDevice(lab: Lab, id: string): void {
  const message = { body: Buffer.from('open'), messageId: 'c2d-1', properties: { urgent: 'yes & no' } };
  expect(lab.cloud.operator.sendToDevice(hub, id, message)).toMatchObject({ ok: true });
}

/** Expects that the hub got the one message that the test programs send, with its property. */
export function expectTelemetry(lab: Lab, id: string): void {
  const sent = lab.messagesFrom(id).filter((message) => /messages\/events/.test(message));
  expect(sent).toHaveLength(1);
  // For HTTPS the history has the path of a request but not its body.
  if (!sent[0]?.startsWith('POST ')) expect(sent[0]).toContain('{"temperature": 21.5}');
}
