import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { SharedTpm } from '../../../sim/tpm/shared-tpm.ts';
import { openSimulatorBridge, type SimulatorBridge } from '../../../sim/tpm/simulator-bridge.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../../sim/swtpm-present.ts';
import { hub, openLab, type Lab } from '../lab.ts';
import { notifyDevice, expectedNotifications, expectTelemetry, sendToDevice } from '../network/enrolled-device.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing } from '../network/sdk-part.ts';
import { Owner } from '../owner.ts';
import { countAs } from '../sdk-row.ts';
import { javaTestMs, JavaPrograms } from './java-programs.ts';

vi.setConfig({ testTimeout: javaTestMs });

const wireOf = (protocol: string): string => protocol.toLowerCase().replace('amqps', 'amqp').replace('_', '-');

describe.skipIf(sdkPartMissing('java') ?? networkMissing ?? swtpmMissing)(
  "Azure's device clients for Java with a TPM",
  () => {
    const directory = openRunDirectory();
    let lab: Lab;
    let tpm: SharedTpm;
    let bridge: SimulatorBridge;
    let network: Network;
    let java: JavaPrograms;
    let attestation: object;

    beforeAll(async () => {
      lab = await openLab();
      tpm = await SharedTpm.start(directory.subdirectory('java'));
      const maker = new Tpm((command) => tpm.transmit(command), { ekTemplate: 'tcg-l1' });
      const endorsementKey = await maker.endorsementKey();
      attestation = { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64') } };
      bridge = await openSimulatorBridge(tpm);
      network = await openNetwork(lab, { 2321: bridge.port, 2322: bridge.port + 1 });
      java = await JavaPrograms.start(network);
    });
    afterAll(async () => {
      await network.close();
      await bridge.close();
      await tpm.close();
      await lab.close();
      directory.close();
    });

    // The devices use one TPM, which has space for one hub key, so they run one after another.
    test.for([
      ['HTTPS', 'HTTPS'],
      ['AMQPS', 'AMQPS'],
      ['AMQPS_WS', 'AMQPS_WS'],
      ['HTTPS', 'MQTT'],
      ['HTTPS', 'MQTT_WS'],
    ] as const)('register over %s, and use the hub over %s', async ([protocol, hubProtocol], context) => {
      countAs(context, 'Java device SDKs', wireOf(protocol), 'TPM');
      const id = `java-tpm-${protocol}-${hubProtocol}`.toLowerCase().replaceAll('_', '-');
      const owner = new Owner(lab);
      await owner.enroll(id, { attestation, initialTwin: { properties: { desired: { rate: 5 } } } });
      const program = java.run(
        'device',
        { idScope: lab.cloud.idScope, registrationId: id, protocol, hubProtocol },
        () => lab.messagesFrom(id),
      );
      await program.until('listening');
      const isHttps = hubProtocol === 'HTTPS';
      if (!isHttps) expect(await notifyDevice(lab, id)).toMatchObject({ status: 207, payload: { done: 'blink' } });
      sendToDevice(lab, id);
      expect(await program.all()).toMatchObject({
        registered: { status: 'PROVISIONING_DEVICE_STATUS_ASSIGNED', assignedHub: hub, deviceId: id },
        message: { body: 'open', id: 'c2d-1', urgent: 'yes & no' },
        ...(!isHttps && expectedNotifications),
      });
      expectTelemetry(lab, id);
      await owner.retire({ deviceId: id });
    });
  },
);
