import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { hubToken, serviceToken } from '../../mocks/clients/credentials.ts';
import { openRegistry } from '../hub-clients.ts';
import { hub, openLab, type Lab } from '../lab.ts';
import { expectTelemetry } from '../network/enrolled-device.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';
import { readOutput } from '../network/program-output.ts';
import { countAs } from '../sdk-row.ts';

describe.skipIf(sdkPartMissing('python') ?? networkMissing).concurrent('uamqp for Python', () => {
  let lab: Lab;
  let network: Network;

  beforeAll(async () => {
    lab = await openLab();
    network = await openNetwork(lab);
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  test.for([
    ['amqp', false],
    ['amqp-ws', true],
  ] as const)(
    'sends telemetry over %s, sends a message to a device as the service, and receives the message as the device',
    async ([wire, websockets], context) => {
      countAs(context, 'Python AMQP library', wire, 'key');
      const deviceId = `uamqp-${wire}`;
      const { responseBody } = await openRegistry(lab).create({ deviceId });
      const key = Buffer.from(responseBody.authentication?.symmetricKey?.primaryKey ?? '', 'base64');
      const access = lab.cloud.hubAccess.get(hub);
      if (access === undefined) throw new Error('the lab has no such hub');
      const inAnHour = Math.ceil(systemClock.now() / 1000) + 3600;
      const input = {
        host: hub,
        deviceId,
        websockets,
        policy: access.policyName,
        deviceToken: hubToken(key, hub, deviceId, inAnHour),
        serviceToken: serviceToken(access, hub, inAnHour),
      };
      const words = [join(import.meta.dirname, 'amqp.py'), JSON.stringify(input)];
      const program = readOutput(
        network.start(sdkPython, words, { SSL_CERT_FILE: network.root, PYTHONDONTWRITEBYTECODE: '1' }),
      );
      expect(await program.all()).toEqual({
        send: ['SendComplete'],
        c2d: ['SendComplete'],
        receive: { body: 'open', properties: { urgent: 'yes' }, accepted: true },
      });
      expectTelemetry(lab, deviceId);
    },
  );
});
