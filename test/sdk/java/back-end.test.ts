import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hub, openLab, type Lab } from '../lab.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing } from '../network/sdk-part.ts';
import { countAs } from '../sdk-row.ts';
import { JavaPrograms } from './java-programs.ts';

/** For each step of the program: the client, the transport, and a part of the expected output. */
const steps = [
  ['Java provisioning service SDK', 'https', { enrolled: 'java-enrolled' }],
  ['Java provisioning service SDK', 'https', { enrollment: 'ENABLED' }],
  ['Java provisioning service SDK', 'https', { enrollments: 1 }],
  ['Java provisioning service SDK', 'https', { unenrolled: true }],
  ['Java hub service SDK', 'https', { created: 'java-back-end' }],
  ['Java hub service SDK', 'https', { read: 'Enabled' }],
  ['Java hub service SDK', 'https', { counted: 1 }],
  ['Java hub service SDK', 'https', { patched: 2 }],
  ['Java hub service SDK', 'https', { queried: 'java-back-end' }],
  ['Java hub service SDK', 'https', { method: 207 }],
  ['Java hub service SDK', 'amqp', { AMQPS: 'over AMQPS' }],
  ['Java hub service SDK', 'amqp-ws', { AMQPS_WS: 'over AMQPS_WS' }],
  ['Java hub service SDK', 'https', { removed: true }],
] as const;

describe.skipIf(sdkPartMissing('java') ?? networkMissing)("Azure's service clients for Java", () => {
  let lab: Lab;
  let network: Network;
  let result: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    lab = await openLab();
    network = await openNetwork(lab);
    const java = await JavaPrograms.start(network);
    const { hubAccess, serviceAccess } = lab.cloud;
    const access = hubAccess.get(hub);
    const deviceId = 'java-back-end';
    const text = `HostName=${hub};SharedAccessKeyName=${access?.policyName};SharedAccessKey=${access?.key}`;
    const dps = `HostName=${serviceAccess.host};SharedAccessKeyName=${serviceAccess.policyName};SharedAccessKey=${serviceAccess.key.toString('base64')}`;
    result = await java.run('back-end', { hub: text, dps, deviceId }, () => lab.allMessages()).all();
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  test.for(steps)('the client %s over %s gets the result %j', ([client, transport, said], context) => {
    countAs(context, client, transport, 'policy');
    expect(result).toMatchObject(said);
  });
});
