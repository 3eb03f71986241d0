import type { Clock } from '../../core/time/clock.ts';
import { SkewedClock } from '../../core/time/clock.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import { mintCertificate } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { attempt } from '../../sim/devices/attempt.ts';
import { Device } from '../../sim/devices/device.ts';
import type { Flash } from '../../sim/devices/flash.ts';
import { SoftwareKeys } from '../../sim/key-stores/software-keys.ts';
import { Network } from '../../sim/world/network.ts';
import { perSecond, roomyQuotas } from './measure.ts';

const hub = 'hub-eu.azure-devices.net';

/** Measures complete flows over MQTT: register, poll, connect to the hub, send one telemetry message. */
export async function deviceFlows(attestation: 'x509' | 'symmetricKey', clock: Clock) {
  const history = new History(clock);
  const cloud = await startCloud({
    clock,
    random: new Random('bench'),
    history,
    idScope: '0ne00000001',
    hubs: [hub],
    fidelity: defaultFidelity,
    retryAfterSeconds: 3,
    assignmentMs: 0,
    quotas: roomyQuotas,
  });
  const network = new Network(clock, history, cloud, [hub]);
  const flashOf = await enrollGroup(attestation, cloud, clock);
  // The measurement starts after all certificates are made, because a real device gets its certificate in the factory, before the flow.
  const flashes = await Promise.all(Array.from({ length: 50 }, (_, index) => flashOf(`bench-${index}`)));
  let built = 0;
  return {
    measure: async (count: number) => {
      const rate = await perSecond(count, 8, async () => {
        const index = built++ % flashes.length;
        const flash = asNew(flashes[index] ?? {});
        await attempt(deviceOf(`bench-${index}`, attestation, flash, cloud, clock), 'register', network);
      });
      const failed = history.events().filter((event) => event.kind === 'attempt-ended' && event.outcome !== 'assigned');
      if (failed.length > 0) throw new Error(`a flow failed: ${JSON.stringify(failed[0])}`);
      return rate;
    },
    close: () => cloud.close(),
  };
}

/**
 * Copies the stored data of a device. The certificate of the copy is a new object, so the copy must load certificate and key, as a new
 * device does.
 */
function asNew(flash: Flash): Flash {
  return flash.certificate === undefined ? flash : { ...flash, certificate: { ...flash.certificate } };
}

type Cloud = Awaited<ReturnType<typeof startCloud>>;

async function enrollGroup(attestation: 'x509' | 'symmetricKey', cloud: Cloud, clock: Clock) {
  const terms = {
    enrollmentGroupId: 'bench',
    provisioningStatus: 'enabled',
    allocationPolicy: 'hashed',
    hubs: [],
  } as const;
  const config = { idScope: cloud.idScope, endpoint: globalEndpoint };
  if (attestation === 'symmetricKey') {
    const primaryKey = freshKey(64);
    cloud.operator.putEnrollmentGroup({
      ...terms,
      attestation: { type: 'symmetricKey', primaryKey, secondaryKey: primaryKey },
    });
    return async (id: string): Promise<Flash> => ({ config, symmetricKey: deriveDeviceKey(primaryKey, id) });
  }
  const [notBefore, notAfter] = [clock.now() - 1000, clock.now() + 1e10];
  const keys = await generateKeyPair('P-256');
  const ca = await mintCertificate({ subject: { commonName: 'bench-ca' }, keys, notBefore, notAfter, ca: {} });
  cloud.operator.putEnrollmentGroup({ ...terms, attestation: { type: 'x509', primary: ca.der } });
  return async (id: string): Promise<Flash> => {
    const leaf = await mintCertificate({
      subject: { commonName: id },
      keys: await generateKeyPair('P-256'),
      issuer: { certificate: ca.certificate, keys },
      notBefore,
      notAfter,
    });
    return { config, certificate: { leaf: leaf.der, chainPem: leaf.pem, keyPem: leaf.privateKeyPem } };
  };
}

function deviceOf(name: string, attestation: Device['attestation'], flash: Flash, cloud: Cloud, clock: Clock): Device {
  return new Device(
    {
      name,
      attestation,
      transport: 'mqtt',
      boot: 'always-register',
      ntp: true,
      checksServerValidity: true,
      retry: 'none',
      credential: 'own',
      csrName: undefined,
      random: new Random(name),
      clock: new SkewedClock(clock),
      keyStore: 'file',
      keys: new SoftwareKeys(),
      namedByChip: false,
    },
    { registrationId: name, trustStore: [cloud.serverRoot], flash },
  );
}
