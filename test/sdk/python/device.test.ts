import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
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
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';
import { readOutput, type ProgramOutput } from '../network/program-output.ts';
import { countAs } from '../sdk-row.ts';

// The programs run in real time and spend most of it waiting, so many can run at once.
vi.setConfig({ maxConcurrency: 16 });

const apis = { sync: 'Python device SDK', aio: 'Python device SDK, asyncio' } as const;
const wires = ['mqtt', 'mqtt-ws'] as const;

describe.skipIf(sdkPartMissing('python') ?? networkMissing).concurrent('azure-iot-device for Python', () => {
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

  function start(api: keyof typeof apis, id: string, input: object): ProgramOutput {
    const program = join(import.meta.dirname, `device_${api}.py`);
    const env = { SSL_CERT_FILE: network.root, PYTHONDONTWRITEBYTECODE: '1' };
    return readOutput(network.start(sdkPython, [program, JSON.stringify(input)], env), () => lab.messagesFrom(id));
  }

  const cases = (['sync', 'aio'] as const).flatMap((api) =>
    wires.flatMap((wire) => credentialNames.map((credential) => [api, wire, credential] as const)),
  );

  test.for(cases)(
    'the API `%s` registers over %s with the credential "%s", connects to the hub and uses it',
    async ([api, wire, credential], context) => {
      countAs(context, apis[api], wire, credential);
      const id = `py-${api}-${wire}-${credential.replace(' ', '-')}`;
      const shown = await enroll(lab, network, id, credential);
      const place = { idScope: lab.cloud.idScope, registrationId: id, websockets: wire === 'mqtt-ws' };
      const program = start(api, id, { ...place, ...shown });
      await program.until('listening');
      expect(await notifyDevice(lab, id)).toMatchObject({ status: 207, payload: { done: 'blink' } });
      sendToDevice(lab, id);
      expect(await program.all()).toMatchObject({
        registered: { status: 'assigned', assignedHub: hub, deviceId: id },
        twin: { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } },
        patched: { firmware: '1.0', $version: 2 },
        ...expectedNotifications,
        message: { body: 'open', id: 'c2d-1', properties: { urgent: 'yes & no' } },
      });
      expectTelemetry(lab, id);
    },
  );
});
