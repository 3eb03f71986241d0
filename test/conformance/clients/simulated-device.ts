// Runs the simulated device of scenarios as a client of `rehearse conform`, in real time. The device repeats its attempts, with a pause
// after each.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import { SkewedClock, systemClock } from '../../../core/time/clock.ts';
import { attempt } from '../../../sim/devices/attempt.ts';
import { Device } from '../../../sim/devices/device.ts';
import type { HubPlace } from '../../../sim/devices/device-change.ts';
import { SoftwareKeys } from '../../../sim/key-stores/software-keys.ts';
import type { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { Network } from '../../../sim/world/network.ts';
import { tpmAtSocket } from './tpm-at-socket.ts';

const given = (name: string): string => process.env[`REHEARSAL_${name}`] ?? '';
const stateFile = join(given('STATE_FOLDER'), 'assignment.json');
const [idScope, endpoint, registrationId] = [given('ID_SCOPE'), given('DPS_HOST'), given('REGISTRATION_ID')];
const roots = readFileSync(given('CA_FILE'), 'utf8')
  .split(/(?<=-----END CERTIFICATE-----)/)
  .filter((pem) => pem.includes('BEGIN'))
  .map((pem) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));

const isTpm = given('ATTESTATION') === 'tpm';
const tpm = isTpm ? await tpmAtSocket(given('TPM_SOCKET')) : undefined;
/** The members of a simulated TPM chip that attestation and power cuts use. */
const chip = { ekTemplate: 'sdk', use: (work: (of: typeof tpm) => unknown) => work(tpm), cutPowerAfter: () => {} };

process.on('SIGTERM', () => process.exit(0));
const device = new Device(
  {
    name: registrationId,
    attestation: isTpm ? 'tpm' : 'symmetricKey',
    transport: isTpm ? 'https' : 'mqtt',
    boot: 'hub-first',
    ntp: true,
    checksServerValidity: true,
    retry: 'back-off',
    credential: 'own',
    csrName: undefined,
    clock: new SkewedClock(systemClock),
    random: new Random(registrationId),
    namedByChip: false,
    keyStore: 'file',
    keys: new SoftwareKeys(),
  },
  {
    registrationId,
    trustStore: roots,
    flash: {
      config: { idScope, endpoint },
      ...(isTpm ? {} : { symmetricKey: Buffer.from(readFileSync(given('SYMMETRIC_KEY_FILE'), 'utf8'), 'base64') }),
    },
    tpm: isTpm ? (chip as unknown as TpmChip) : undefined,
    assigned: existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as HubPlace) : undefined,
  },
);
const ports = {
  https: Number(given('HTTPS_PORT')),
  mqtt: Number(given('MQTT_PORT')),
  amqp: Number(given('AMQP_PORT')),
};
const hubs = ['conform-a.azure-devices.net', 'conform-b.azure-devices.net'];
const network = new Network(systemClock, new History(systemClock, { limit: 1000 }), { ports }, hubs);

for (let failures = 0; ;) {
  const { outcome, sentence } = await attempt(device, 'as-configured', network);
  process.stdout.write(`${outcome}: ${sentence}\n`);
  if (device.assigned !== undefined) writeFileSync(stateFile, JSON.stringify(device.assigned));
  failures = outcome === 'assigned' ? 0 : failures + 1;
  await systemClock.sleep(failures === 0 ? 1500 : Math.min(5000 * 2 ** (failures - 1), 60_000) + 100 * failures);
}
