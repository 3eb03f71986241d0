import type { Cloud } from '../../core/cloud/cloud.ts';
import { SkewedClock } from '../../core/time/clock.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { Random } from '../../core/random.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { attempt } from '../../sim/devices/attempt.ts';
import { Device } from '../../sim/devices/device.ts';
import { TpmChip } from '../../sim/devices/tpm-chip.ts';
import { SoftwareKeys } from '../../sim/key-stores/software-keys.ts';
import { Network } from '../../sim/world/network.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';
import { perSecond, roomyQuotas, stillClock } from './measure.ts';

const hub = 'hub-eu.azure-devices.net';

/** Measures the raw part of TPM flows: starts new TPMs, creates endorsement key and storage root key, and stops the TPMs. */
export async function rawTpms(count: number): Promise<number> {
  return withChips((chipOf) =>
    perSecond(count, 2, async (index) => {
      const chip = chipOf(index);
      await chip.use((tpm) => tpm.endorsementKey());
      await chip.use((tpm) => tpm.storageRootKey());
      await chip.powerOff();
    }),
  );
}

/** Measures complete TPM flows: enrolls new TPMs, registers them, and sends a telemetry message. */
export async function tpmFlows(count: number): Promise<number> {
  const history = new History(stillClock);
  const cloud = await startCloud({
    clock: stillClock,
    random: new Random('bench'),
    history,
    idScope: '0ne00000001',
    hubs: [hub],
    fidelity: defaultFidelity,
    retryAfterSeconds: 3,
    assignmentMs: 0,
    quotas: roomyQuotas,
  });
  const network = new Network(stillClock, history, cloud, [hub]);
  const rate = await withChips((chipOf) =>
    perSecond(count, 2, async (index) => {
      const device = deviceOf(`bench-${index}`, chipOf(index), cloud);
      await enroll(device, cloud);
      await attempt(device, 'register', network);
      await device.tpm?.powerOff();
    }),
  );
  await cloud.close();
  const failed = history.events().find((event) => event.kind === 'attempt-ended' && event.outcome !== 'assigned');
  if (failed !== undefined) throw new Error(`a flow failed: ${JSON.stringify(failed)}`);
  return rate;
}

async function withChips(work: (chipOf: (index: number) => TpmChip) => Promise<number>): Promise<number> {
  const directory = openRunDirectory();
  try {
    return await work((index) => new TpmChip(directory.subdirectory(`tpm-${index}`), 'sdk'));
  } finally {
    directory.close();
  }
}

async function enroll(device: Device, cloud: Cloud): Promise<void> {
  const endorsementKey = await device.tpm?.use((tpm) => tpm.endorsementKey());
  if (endorsementKey === undefined) throw new Error('a TPM gave no endorsement key');
  cloud.operator.putEnrollment({
    registrationId: device.name,
    attestation: { type: 'tpm', endorsementKey },
    provisioningStatus: 'enabled',
    allocationPolicy: 'hashed',
    hubs: [],
  });
}

function deviceOf(name: string, tpm: TpmChip, cloud: Cloud): Device {
  return new Device(
    {
      name,
      attestation: 'tpm',
      transport: 'https',
      boot: 'always-register',
      ntp: true,
      checksServerValidity: true,
      retry: 'none',
      credential: 'own',
      csrName: undefined,
      random: new Random(name),
      clock: new SkewedClock(stillClock),
      keyStore: 'tpm',
      keys: new SoftwareKeys(),
      namedByChip: false,
    },
    {
      registrationId: name,
      trustStore: [cloud.serverRoot],
      tpm,
      flash: { config: { idScope: cloud.idScope, endpoint: globalEndpoint } },
    },
  );
}
