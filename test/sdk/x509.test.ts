import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { transports } from '../../core/history/events.ts';
import { AdvancingClock } from '../../core/time/clock.ts';
import type { Minted } from '../../core/x509/mint/mint.ts';
import { failureOf, register, security, sendTelemetry, visitHub } from './clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';
import { Owner } from './owner.ts';
import { atConnect, refusalNames } from './refusals.ts';
import { countEachAs } from './sdk-row.ts';

// The SDK runs in real time and spends most of it waiting, so many tests can run at once.
vi.setConfig({ maxConcurrency: 16 });

const initialTwin = { properties: { desired: { rate: 5 } } };
const firstTwin = { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } };
const byThumbprint = (primary: Minted, secondary: Minted) => ({
  type: 'x509',
  x509: {
    clientCertificates: { primary: { certificate: primary.pem }, secondary: { certificate: secondary.pem } },
  },
});
const byCa = (ca: Minted) => ({
  type: 'x509',
  x509: { signingCertificates: { primary: { certificate: ca.pem } } },
});
const pinned = (leaf: Minted) => ({
  status: 'enabled',
  authentication: { type: 'selfSigned', x509Thumbprint: { primaryThumbprint: leaf.certificate.thumbprintSha256 } },
});

describe.concurrent('the Node SDK with X.509 certificates', () => {
  let lab: Lab;
  let owner: Owner;
  /** The CA of a group that exists in all tests. */
  let root: Minted;
  let intermediate: Minted;

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
    root = await mintNow('factory-root', undefined, {});
    intermediate = await mintNow('factory-ca', root, {});
    await owner.enrollGroup('factory', { attestation: byCa(root) });
  });
  afterAll(() => lab.close());

  describe.each(transports)('over %s', (transport) => {
    countEachAs('Node device SDK', transport, 'certificate');
    const refusedWith = (message: string) => ({
      name: refusalNames[transport][401],
      said: { errorCode: 401_002, message },
    });
    const registerWith = (id: string, leaf: Minted, chain = leaf.pem) =>
      register(lab, transport, security.x509(id, chain, leaf.privateKeyPem));

    test.each(['primary', 'secondary'] as const)(
      'registers and connects to the hub with its %s certificate',
      async (which) => {
        const [id, deviceId] = [`fan-${which}-${transport}`, `Fan-${which}-${transport}`];
        const [primary, secondary] = [await mintNow(id), await mintNow(id)];
        await owner.enroll(id, { attestation: byThumbprint(primary, secondary), initialTwin, deviceId });
        const leaf = which === 'primary' ? primary : secondary;
        const assigned = { registrationId: id, status: 'assigned', assignedHub: hub, deviceId, x509: {} };
        expect(await registerWith(id, leaf)).toMatchObject({ ...assigned, substatus: 'initialAssignment' });
        const credential = { cert: leaf.pem, privateKey: leaf.privateKeyPem };
        expect(await visitHub(lab, transport, deviceId, credential)).toEqual(firstTwin);
        expect(await owner.registrationOf(id)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId });
        expect(await owner.identityOf(deviceId)).toMatchObject({ deviceId, ...pinned(leaf) });
        await owner.retire({ deviceId, registrationId: id });
        // After the deletion only group enrollments are left, and no group matches the certificate of the device.
        expect(await failureOf(registerWith(id, leaf))).toMatchObject(refusedWith('CA certificate not found.'));
      },
    );

    test('registers through a group and connects to the hub, with its certificate chain', async () => {
      const [enrollmentGroupId, id] = [`pumps-${transport}`, `pump-${transport}`];
      const groupRoot = await mintNow(`root-${transport}`, undefined, {});
      const groupCa = await mintNow(`ca-${transport}`, groupRoot, {});
      await owner.enrollGroup(enrollmentGroupId, { attestation: byCa(groupRoot), initialTwin });
      const leaf = await mintNow(id, groupCa);
      const chain = leaf.pem + groupCa.pem;
      const assigned = { registrationId: id, status: 'assigned', assignedHub: hub, deviceId: id };
      expect(await registerWith(id, leaf, chain)).toMatchObject(assigned);
      expect(await visitHub(lab, transport, id, { cert: chain, privateKey: leaf.privateKeyPem })).toEqual(firstTwin);
      expect(await owner.registrationOf(id)).toMatchObject(assigned);
      expect(await owner.identityOf(id)).toMatchObject(pinned(leaf));
      await owner.retire({ deviceId: id, enrollmentGroupId });
      expect(await failureOf(registerWith(id, leaf, chain))).toMatchObject(refusedWith('CA certificate not found.'));
    });

    test('needs no certificate chain if a CA that the group names has issued its certificate directly', async () => {
      const [enrollmentGroupId, id] = [`valves-${transport}`, `valve-${transport}`];
      const groupCa = await mintNow(`valve-ca-${transport}`, root, {});
      await owner.enrollGroup(enrollmentGroupId, { attestation: byCa(groupCa), initialTwin });
      const leaf = await mintNow(id, groupCa);
      expect(await registerWith(id, leaf)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: id });
      const credential = { cert: leaf.pem, privateKey: leaf.privateKeyPem };
      expect(await visitHub(lab, transport, id, credential)).toEqual(firstTwin);
      expect(await owner.identityOf(id)).toMatchObject(pinned(leaf));
      await owner.retire({ deviceId: id, enrollmentGroupId });
    });

    test('gets 401002 with a leaf certificate without its chain', async () => {
      const id = `alone-${transport}`;
      const leaf = await mintNow(id, intermediate);
      expect(await failureOf(registerWith(id, leaf))).toMatchObject(refusedWith('CA certificate not found.'));
      expect(lab.lastRefusal(id)).toBe('chain-complete');
      expect(lab.calls(id).map(({ answer }) => answer)).toEqual([401]);
    });

    test('gets 401002 with another certificate of the same name, and gets 401002 with its CA certificate', async () => {
      const id = `copied-${transport}`;
      await owner.enroll(id, { attestation: byThumbprint(await mintNow(id), await mintNow(id)) });
      expect(await failureOf(registerWith(id, await mintNow(id)))).toMatchObject(refusedWith('Invalid certificate.'));
      expect(lab.lastRefusal(id)).toBe('thumbprint-matches');
      const failure = await failureOf(registerWith('factory-root', root));
      expect(failure).toMatchObject(refusedWith('Signing certificate info did not match chain elements.'));
    });

    test('gets the status "disabled" at once while its enrollment is disabled', async () => {
      const id = `disabled-${transport}`;
      const leaf = await mintNow(id);
      await owner.enroll(id, { attestation: byThumbprint(leaf, leaf), provisioningStatus: 'disabled' });
      expect(await failureOf(registerWith(id, leaf))).toMatchObject({
        name: 'SyntaxError',
        message: 'status is disabled',
        said: { operationId: '', status: 'disabled' },
      });
      expect(lab.lastRefusal(id)).toBe('enrollment-enabled');
    });

    test('gets CONNACK 5 over MQTT and 401002 over other protocols if the common name differs from the registration ID', async () => {
      const [id, name] = [`somebody-${transport}`, `else-${transport}`];
      const leaf = await mintNow(name);
      await owner.enroll(id, { attestation: byThumbprint(leaf, leaf) });
      expect(await failureOf(registerWith(id, leaf))).toMatchObject(
        atConnect[transport] === undefined
          ? refusedWith('Invalid certificate.')
          : { name: 'Error', message: atConnect[transport].notAuthorized, said: undefined },
      );
      expect(lab.lastRefusal(id)).toBe('common-name-matches');
    });

    test('gets CONNACK 3 over MQTT and 404201 over other protocols with an unknown ID scope', async () => {
      const id = `scope-${transport}`;
      const leaf = await mintNow(id);
      const client = security.x509(id, leaf.pem, leaf.privateKeyPem);
      expect(await failureOf(register(lab, transport, client, { idScope: '0neFFFFFFFF' }))).toMatchObject(
        atConnect[transport] === undefined
          ? { name: refusalNames[transport][404], said: { errorCode: 404_201, message: 'ID scope not found.' } }
          : { name: 'Error', message: atConnect[transport].unavailable, said: undefined },
      );
    });
  });

  test('is refused by the hub with another certificate of the same name', async () => {
    const id = 'forged';
    const leaf = await mintNow(id);
    await owner.enroll(id, { attestation: byThumbprint(leaf, leaf) });
    await register(lab, 'mqtt', security.x509(id, leaf.pem, leaf.privateKeyPem));
    const other = await mintNow(id);
    const failure = await failureOf(sendTelemetry(lab, id, { cert: other.pem, privateKey: other.privateKeyPem }));
    expect([failure.name, lab.lastRefusal(id)]).toEqual(['UnauthorizedError', 'hub-thumbprint-matches']);
  });
});

describe.concurrent('the Node SDK with X.509 certificates, two days later', () => {
  const clock = new AdvancingClock();
  let lab: Lab;
  const leaves = new Map<string, Minted>();

  beforeAll(async () => {
    lab = await openLab({ clock });
    const owner = new Owner(lab);
    for (const transport of transports) {
      const leaf = await mintNow(transport);
      leaves.set(transport, leaf);
      await owner.enroll(transport, { attestation: byThumbprint(leaf, leaf) });
    }
    clock.advance(2 * 86_400_000);
  });
  afterAll(() => lab.close());

  test.each(transports)('over %s, gets 401002 for an expired certificate', async (transport) => {
    const leaf = leaves.get(transport);
    const client = security.x509(transport, leaf?.pem ?? '', leaf?.privateKeyPem ?? '');
    expect(await failureOf(register(lab, transport, client))).toMatchObject({
      name: refusalNames[transport][401],
      said: { errorCode: 401_002, message: 'Invalid certificate.' },
    });
    expect(lab.lastRefusal(transport)).toBe('certificate-valid-now');
  });
});
