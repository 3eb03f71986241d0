import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { transports } from '../../../core/history/events.ts';
import { hub, openLab, type Lab } from '../lab.ts';
import {
  notifyDevice,
  expectedNotifications,
  credentialNames,
  enroll,
  expectTelemetry,
  sendToDevice,
} from '../network/enrolled-device.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing } from '../network/sdk-part.ts';
import { countAs } from '../sdk-row.ts';
import { javaTestMs, JavaPrograms } from './java-programs.ts';

// The programs run in real time and spend most of it waiting, so many can run at once.
vi.setConfig({ maxConcurrency: 20, testTimeout: javaTestMs });

const protocols = { mqtt: 'MQTT', 'mqtt-ws': 'MQTT_WS', amqp: 'AMQPS', 'amqp-ws': 'AMQPS_WS', https: 'HTTPS' } as const;

describe.skipIf(sdkPartMissing('java') ?? networkMissing).concurrent("Azure's device clients for Java", () => {
  let lab: Lab;
  let network: Network;
  let java: JavaPrograms;

  beforeAll(async () => {
    lab = await openLab();
    network = await openNetwork(lab);
    java = await JavaPrograms.start(network);
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  const cases = transports.flatMap((wire) => credentialNames.map((credential) => [wire, credential] as const));

  test.for(cases)(
    'register over %s with a credential (%s), connect to the hub and use it',
    async ([wire, credential], context) => {
      countAs(context, 'Java device SDKs', wire, credential);
      const id = `java-${wire}-${credential.replace(' ', '-')}`;
      const shown = await enroll(lab, network, id, credential);
      const place = { idScope: lab.cloud.idScope, registrationId: id };
      const protocol = protocols[wire];
      const program = java.run('device', { ...place, protocol, hubProtocol: protocol, ...shown }, () =>
        lab.messagesFrom(id),
      );
      await program.until('listening');
      if (wire !== 'https')
        expect(await notifyDevice(lab, id)).toMatchObject({ status: 207, payload: { done: 'blink' } });
      sendToDevice(lab, id);
      expect(await program.all()).toMatchObject({
        registered: { status: 'PROVISIONING_DEVICE_STATUS_ASSIGNED', assignedHub: hub, deviceId: id },
        message: { body: 'open', id: 'c2d-1', urgent: 'yes & no' },
        ...(wire !== 'https' && {
          twin: { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } },
          patched: 2,
          ...expectedNotifications,
        }),
      });
      expectTelemetry(lab, id);
    },
  );
});
