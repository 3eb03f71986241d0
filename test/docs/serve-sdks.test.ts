import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/time/clock.ts';
import { dpsToken } from '../mocks/clients/credentials.ts';
import { openLab, type Lab } from '../sdk/lab.ts';
import { networkMissing, type Ended, type Network } from '../sdk/network/network.ts';
import { openNetwork } from '../sdk/network/open-network.ts';
import { sdkClassPath, sdkPartMissing, sdkPython } from '../sdk/network/sdk-part.ts';
import { Owner } from '../sdk/owner.ts';

const root = dirname(dirname(import.meta.dirname));
const page = readFileSync(join(root, 'docs', 'serve-sdks.md'), 'utf8');

/** Returns the first code block below a heading. */
function snippet(heading: string): string {
  const [, below = ''] = page.split(`\n## ${heading}\n`);
  const [, code] = /^```\w+\n(.*?)^```$/ms.exec(below) ?? [];
  if (code === undefined) throw new Error(`docs/serve-sdks.md has no code below "${heading}"`);
  return code;
}

describe.skipIf(networkMissing)('the snippets of `docs/serve-sdks.md`, run unchanged', () => {
  let lab: Lab;
  let network: Network;
  let key: string;

  beforeAll(async () => {
    lab = await openLab({ idScope: '0ne00C0FFEE' });
    const owner = new Owner(lab);
    await owner.enroll('first-device', { attestation: { type: 'symmetricKey' } });
    key = (await owner.keysOf('first-device')).primary.toString('base64');
    network = await openNetwork(lab);
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  const assigned = (ended: Ended): void => {
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/assigned/i);
    expect(ended.stdout).toContain('hub-eu.azure-devices.net');
  };

  test('register with Node', async () => {
    const file = network.file('device.cjs', snippet('Node'));
    const env = { NODE_EXTRA_CA_CERTS: network.root, KEY: key, NODE_PATH: join(root, 'node_modules') };
    assigned(await network.run(process.execPath, [file], env));
  });

  test('send the request with mosquitto and read the answer with curl', async () => {
    const inAnHour = Math.ceil(systemClock.now() / 1000) + 3600;
    const token = dpsToken(Buffer.from(key, 'base64'), 'first-device', { scope: lab.cloud.idScope, se: inAnHour });
    const ended = await network.run('sh', ['-ec', snippet('curl and mosquitto')], { CA: network.root, TOKEN: token });
    assigned(ended);
  });

  test.skipIf(sdkPartMissing('python'))('register with Python and send telemetry', async () => {
    const file = network.file('device.py', snippet('Python'));
    const ended = await network.run(sdkPython, [file], { SSL_CERT_FILE: network.root, KEY: key });
    assigned(ended);
    expect(
      lab.messagesFrom('first-device').filter((line) => line.includes('messages/events') && line.endsWith('21.5')),
    ).toHaveLength(1);
  });

  test.skipIf(sdkPartMissing('java'))('register with Java', async () => {
    const code = snippet('Java');
    network.file('FirstDevice.java', code);
    // The commands are in comments of the code block. The test replaces the class path of the page by the class path of the packages on
    // this machine.
    const [keytool = '', java = ''] = code.split('\n').map((line) => line.replace(/^\/\/ /, ''));
    const command = java.replace("'lib/*'", `'${sdkClassPath}'`).replace(/^KEY=\$KEY /, '');
    assigned(await network.run('sh', ['-ec', `${keytool}\n${command}`], { CA: network.root, KEY: key }));
  });
});
