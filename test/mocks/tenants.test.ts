import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dpsToken, individual, symmetricKeys } from './clients/credentials.ts';
import { deviceListeners, pollAt, registerAt } from './clients/device-at-listener.ts';
import type { Shown } from './clients/device-wire.ts';
import { idScope, noon, openCloud, type OpenCloud } from './clients/open-cloud.ts';
import { ask } from './clients/raw-https.ts';
import { askService } from './clients/service-wire.ts';

const theirScope = '0neBADBAD00';
const theirHub = 'rival-hub.azure-devices.net';
const [ours, theirs] = [symmetricKeys(), symmetricKeys()];
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0, otherTenants: [{ name: 'rival', idScope: theirScope, hubs: [theirHub] }] });
  open.cloud.operator.putEnrollment(individual('dev', ours));
  expect((await askTenant('PUT', '/enrollments/dev', enrollment())).status).toBe(200);
});
afterAll(() => open.cloud.close());

function enrollment(more: object = {}): object {
  const [primaryKey, secondaryKey] = [theirs.primaryKey, theirs.secondaryKey].map((key) => key.toString('base64'));
  return {
    registrationId: 'dev',
    attestation: { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } },
    ...more,
  };
}

/** Calls the service API of the other tenant with the key of that tenant, or with `key`. */
function askTenant(method: string, path: string, body?: object, key?: Buffer) {
  const access = open.cloud.otherTenants.get(theirScope);
  if (access === undefined) throw new Error('the other tenant has no service');
  const [sr, se] = [access.host, Math.floor(noon / 1000) + 600];
  const sig = createHmac('sha256', key ?? access.key)
    .update(`${sr}\n${se}`)
    .digest('base64');
  const Authorization = `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=${access.policyName}`;
  return ask(open.cloud, {
    method,
    path: `${path}?api-version=2021-10-01`,
    headers: { Host: access.host, Authorization },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe.each(deviceListeners)('two tenants over %s', (door) => {
  const shows = (keys: typeof ours, scope: string): Shown => ({
    token: dpsToken(keys.primaryKey, 'dev', { scope }),
    scope,
  });
  const hubOf = async (shown: Shown): Promise<unknown> => {
    // The other tenant has the quotas of the real service, so the clock advances before each registration.
    open.clock.set(open.clock.now() + 10_000);
    const accepted = await registerAt(door, open, 'dev', shown);
    const { operationId } = accepted.body as { readonly operationId: string };
    const done = await pollAt(door, open, 'dev', shown, operationId);
    return (done.body as { readonly registrationState: { readonly assignedHub: string } }).registrationState
      .assignedHub;
  };

  test('have separate services, and the ID scope of a request selects the service', async () => {
    expect(await hubOf(shows(theirs, theirScope))).toBe(theirHub);
    expect(await hubOf(shows(theirs, theirScope.toLowerCase()))).toBe(theirHub);
    expect(await hubOf(shows(ours, idScope))).not.toBe(theirHub);
  });

  test('do not accept the keys and operations of each other', async () => {
    const refused = door === 'amqp' ? 'rejected' : 401;
    expect((await registerAt(door, open, 'dev', shows(ours, theirScope))).status).toBe(refused);
    expect((await registerAt(door, open, 'dev', shows(theirs, idScope))).status).toBe(refused);
    const accepted = await registerAt(door, open, 'dev', shows(theirs, theirScope));
    const { operationId } = accepted.body as { readonly operationId: string };
    const polled = await pollAt(door, open, 'dev', shows(ours, idScope), operationId);
    expect(polled.status).toBe(door === 'amqp' ? 'rejected' : 404);
  });
});

test('each tenant has a service API with its own host, keys and hubs', async () => {
  expect((await askTenant('GET', '/enrollments/dev', undefined, open.cloud.serviceAccess.key)).status).toBe(401);
  const named = await askTenant(
    'PUT',
    '/enrollments/dev-2',
    enrollment({ registrationId: 'dev-2', iotHubs: ['hub-eu.azure-devices.net'] }),
  );
  expect(named.status).toBe(400);
  await askTenant('PUT', '/enrollments/only-theirs', enrollment({ registrationId: 'only-theirs' }));
  expect((await askService(open, 'GET', '/enrollments/only-theirs')).status).toBe(404);
  expect((await askTenant('GET', '/enrollments/only-theirs')).status).toBe(200);
});

test('the service log of a tenant has no entries of the other tenant', () => {
  const lines = open.history.events().filter((event) => event.kind === 'service-record');
  expect(lines.length).toBeGreaterThan(0);
  // Over each protocol, DPS accepted the device once with its key, and refused the device once with a key of the other tenant.
  const outcomes = lines.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'attested')).toHaveLength(deviceListeners.length);
});
