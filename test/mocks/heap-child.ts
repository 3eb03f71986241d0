import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:https';
import { AdvancingClock } from '../../core/time/clock.ts';
import type { CloudSettings } from '../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { Random } from '../../core/random.ts';
import { ProvisioningService } from '../../mocks/dps/service.ts';
import { DeviceRegistry } from '../../mocks/registry/device-registry.ts';
import { Hub } from '../../mocks/hub/hub.ts';
import { startCloud } from '../../mocks/start-cloud.ts';

// The child process of heap.test.ts, started with --expose-gc. Registers a fleet repeatedly over the transport that the first argument
// names. Each further argument is a number of registrations, after which the process prints its heap in bytes.

const [way = '', ...marks] = process.argv.slice(2);
const host = 'hub-eu.azure-devices.net';
const idScope = '0ne00000A1B';
const devices = 200;
const groupKey = randomBytes(64);

const clock = new AdvancingClock();
const settings: CloudSettings = {
  clock,
  history: new History(clock, { limit: 10_000 }),
  random: new Random('heap'),
  idScope,
  hubs: [host],
  fidelity: defaultFidelity,
  retryAfterSeconds: 3,
  assignmentMs: 2000,
};
const group = {
  enrollmentGroupId: 'fleet',
  attestation: { type: 'symmetricKey', primaryKey: groupKey, secondaryKey: groupKey },
  provisioningStatus: 'enabled',
  allocationPolicy: 'hashed',
  hubs: [],
} as const;

/** Registers the device with the given number and returns the status of the answer. */
type Register = (device: number) => Promise<number | undefined>;

function byService(): { readonly register: Register; readonly close: () => Promise<void> } {
  const registry = new DeviceRegistry({}, settings.random);
  const hubs = new Map([[host, new Hub(host, { ...settings, registry })]]);
  const service = new ProvisioningService(settings, hubs, registry);
  service.enrollments.putGroup(group);
  return {
    register: async (device) => {
      const id = `device-${device}`;
      const credentials = { certificates: [], token: tokenOf(id) };
      const claim = {
        idScope,
        registrationId: id,
        apiVersion: '2021-06-01',
        credentials,
        transport: 'https',
        body: {},
      } as const;
      const answer = await service.register(claim);
      return answer.status;
    },
    close: async () => {},
  };
}

async function byHttps(): Promise<ReturnType<typeof byService>> {
  const cloud = await startCloud(settings);
  cloud.operator.putEnrollmentGroup(group);
  const agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false, servername: globalEndpoint });
  return {
    register: (device) => {
      const id = `device-${device}`;
      const path = `/${idScope}/registrations/${id}/register?api-version=2021-06-01`;
      const headers = { Authorization: tokenOf(id), 'Content-Type': 'application/json' };
      return new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port: cloud.ports.https, method: 'PUT', path, headers, agent }, (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        })
          .on('error', reject)
          .end('{}');
      });
    },
    close: async () => {
      agent.destroy();
      await cloud.close();
    },
  };
}

const seconds = Math.floor(clock.now() / 1000) + 365 * 86_400;

function tokenOf(id: string): string {
  const sr = `${idScope}%2Fregistrations%2F${id}`;
  const key = createHmac('sha256', groupKey).update(id).digest();
  const sig = createHmac('sha256', key).update(`${sr}\n${seconds}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${seconds}&skn=registration`;
}

const { register, close } = way === 'https' ? await byHttps() : byService();
const heaps: number[] = [];
let done = 0;
for (const mark of marks.map(Number)) {
  for (; done < mark; done += 4) {
    const statuses = await Promise.all([0, 1, 2, 3].map((each) => register((done + each) % devices)));
    if (statuses.some((status) => status !== 202)) throw new Error(`answered with ${statuses.join(', ')}`);
    // The quota of the service is 1000 registrations per minute, so the test advances the clock.
    clock.advance(240);
  }
  globalThis.gc?.();
  heaps.push(process.memoryUsage().heapUsed);
}
await close();
process.stdout.write(JSON.stringify(heaps));
