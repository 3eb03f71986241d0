import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { deriveDeviceKey } from '../../../core/sas.ts';
import { openRegistry, openServiceClient } from '../hub-clients.ts';
import { hub, mintNow, openLab, type Lab } from '../lab.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';
import { Telling } from '../network/told.ts';
import { Owner } from '../owner.ts';

// The programs live in real time, most of which they wait.
vi.setConfig({ maxConcurrency: 16 });

const apis = ['sync', 'aio'] as const;
const wires = ['mqtt', 'mqtt-ws'] as const;
const credentials = ['key', 'group key', 'certificate', 'group certificate'] as const;
const initialTwin = { properties: { desired: { rate: 5 } } };

describe.skipIf(sdkPartMissing('python') ?? networkMissing).concurrent('azure-iot-device for Python', () => {
  let lab: Lab;
  let owner: Owner;
  let network: Network;

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
    network = await openNetwork(lab);
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  /** Enrolls a device and returns what its program is given to sign or to show. */
  async function enroll(id: string, credential: (typeof credentials)[number]): Promise<object> {
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

  function start(api: (typeof apis)[number], told: object): Telling {
    const program = join(import.meta.dirname, `device_${api}.py`);
    const env = { SSL_CERT_FILE: network.root, PYTHONDONTWRITEBYTECODE: '1' };
    return new Telling(network.start(sdkPython, [program, JSON.stringify(told)], env));
  }

  /** Lets the back end change a desired property, call a method and send a message; returns the answer of the method. */
  async function beckon(id: string): Promise<unknown> {
    await openRegistry(lab).updateTwin(id, { properties: { desired: { rate: 7 } } }, '*');
    const call = {
      methodName: 'blink',
      payload: { times: 3 },
      responseTimeoutInSeconds: 20,
      connectTimeoutInSeconds: 5,
    };
    const { result } = await openServiceClient(lab).invokeDeviceMethod(id, call);
    const message = { body: Buffer.from('open'), messageId: 'c2d-1', properties: { urgent: 'yes & no' } };
    expect(lab.cloud.operator.sendToDevice(hub, id, message)).toBeUndefined();
    return result;
  }

  const cases = apis.flatMap((api) =>
    wires.flatMap((wire) => credentials.map((credential) => [api, wire, credential] as const)),
  );

  test.each(cases)(
    '%s over %s with its %s: into service, and all that the hub offers',
    async (api, wire, credential) => {
      const id = `py-${api}-${wire}-${credential.replace(' ', '-')}`;
      const shown = await enroll(id, credential);
      const program = start(api, {
        idScope: lab.cloud.idScope,
        registrationId: id,
        websockets: wire === 'mqtt-ws',
        ...shown,
      });
      await program.until('listening');
      const answered = await beckon(id);
      expect(answered).toMatchObject({ status: 207, payload: { done: 'blink' } });
      expect(await program.all()).toMatchObject({
        registered: { status: 'assigned', assignedHub: hub, deviceId: id },
        twin: { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } },
        patched: { firmware: '1.0', $version: 2 },
        desired: { rate: 7, $version: 2 },
        method: { name: 'blink', payload: { times: 3 } },
        message: { body: 'open', id: 'c2d-1', properties: { urgent: 'yes & no' } },
      });
      const sent = lab.heard(id).filter((message) => message.includes('/messages/events/'));
      expect(sent).toHaveLength(1);
      expect(sent[0]).toContain('{"temperature": 21.5}');
      expect(decodeURIComponent(decodeURIComponent(sent[0] ?? ''))).toContain('room=north & south');
    },
  );
});
