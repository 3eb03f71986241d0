import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Minted } from '../../core/x509/mint.ts';
import { transports } from '../../core/attempt.ts';
import { failureOf, register, security, sendTelemetry, unauthorized } from './clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';

describe('the Node SDK with X.509 certificates', () => {
  let lab: Lab;
  let own: Minted;
  let renewed: Minted;
  let intermediate: Minted;

  beforeAll(async () => {
    lab = await openLab();
    [own, renewed] = [await mintNow('thermostat'), await mintNow('thermostat')];
    lab.enroll('thermostat', { type: 'x509', primary: own.der, secondary: renewed.der });
    const root = await mintNow('factory-root', undefined, {});
    intermediate = await mintNow('factory-ca', root, {});
    lab.enrollGroup('thermostats', { type: 'x509', primary: root.der });
  });
  afterAll(() => lab.close());

  describe.each(transports)('over %s', (transport) => {
    test('registers by thumbprint with the primary and with the secondary certificate', async () => {
      for (const leaf of [own, renewed]) {
        const result = await register(lab, transport, security.x509('thermostat', leaf.pem, leaf.privateKeyPem));
        expect(result).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: 'thermostat', x509: {} });
        await sendTelemetry(lab, 'thermostat', { cert: leaf.pem, privateKey: leaf.privateKeyPem });
      }
    });

    test('registers in a group with its chain', async () => {
      const id = `chained-${transport}`;
      const leaf = await mintNow(id, intermediate);
      const chain = leaf.pem + intermediate.pem;
      expect(await register(lab, transport, security.x509(id, chain, leaf.privateKeyPem))).toMatchObject({
        status: 'assigned',
        deviceId: id,
      });
      await sendTelemetry(lab, id, { cert: chain, privateKey: leaf.privateKeyPem });
    });

    test('is told 401002 with a leaf whose chain was not sent, and with one that is not enrolled', async () => {
      const alone = await mintNow('alone', intermediate);
      expect(
        await failureOf(register(lab, transport, security.x509('alone', alone.pem, alone.privateKeyPem))),
      ).toMatchObject({
        name: unauthorized[transport],
        said: { errorCode: 401_002, message: 'CA certificate not found.' },
      });
      const other = await mintNow('thermostat');
      expect(
        await failureOf(register(lab, transport, security.x509('thermostat', other.pem, other.privateKeyPem))),
      ).toMatchObject({
        name: unauthorized[transport],
        said: { errorCode: 401_002, message: 'Invalid certificate.' },
      });
    });
  });

  test('meets CONNACK 5 over MQTT when the common name is not the registration ID', async () => {
    const failure = await failureOf(register(lab, 'mqtt', security.x509('somebody', own.pem, own.privateKeyPem)));
    expect(failure.message).toBe('Connection refused: Not authorized');
  });

  test('is refused by the hub with another certificate of the same name', async () => {
    await register(lab, 'mqtt', security.x509('thermostat', own.pem, own.privateKeyPem));
    const other = await mintNow('thermostat');
    const failure = await failureOf(
      sendTelemetry(lab, 'thermostat', { cert: other.pem, privateKey: other.privateKeyPem }),
    );
    expect(failure.name).toBe('UnauthorizedError');
  });
});
