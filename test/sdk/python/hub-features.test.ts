import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hub, openLab, type Lab } from '../lab.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';
import { readOutput } from '../network/program-output.ts';
import { countAs } from '../sdk-row.ts';

describe.skipIf(sdkPartMissing('python') ?? networkMissing)('azure-iot-hub for Python', () => {
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

  test('uses jobs, configurations, digital twins, queries and feedback; a device uploads a file', async (context) => {
    countAs(context, 'Python hub service SDK', 'https', 'policy');
    const { policyName, key } = lab.cloud.hubAccess.get(hub) ?? { policyName: '', key: '' };
    const text = `HostName=${hub};SharedAccessKeyName=${policyName};SharedAccessKey=${key}`;
    const program = join(import.meta.dirname, 'hub_features.py');
    const env = { SSL_CERT_FILE: network.root, REQUESTS_CA_BUNDLE: network.root, PYTHONDONTWRITEBYTECODE: '1' };
    expect(await readOutput(network.start(sdkPython, [program, text], env)).all()).toEqual({
      count: { n: 1 },
      jobs: ['queued', 'queued', 'queued'],
      cancelled: 'cancelled',
      ended: [
        ['completed', 1],
        ['completed', 1],
      ],
      configuration: [{ targetedCount: 1, appliedCount: 1 }, { ulm: 1 }],
      updated: 2,
      listed: ['py'],
      digitalTwin: 21,
      command: { name: 'reboot', payload: { in: 1 } },
      componentCommand: { name: 't1*max', payload: { in: 2 } },
      uploaded: 201,
      feedback: null,
      modules: [],
      export: expect.stringContaining('rehearse does not support import and export jobs') as string,
    });
  });
});
