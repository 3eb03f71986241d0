import { afterEach, describe, expect, test } from 'vitest';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { HubLink } from '../../../core/cloud/cloud-operator.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { hashedHub } from '../../../mocks/dps/allocation/hashed.ts';
import { linkedHub } from '../../../mocks/dps/hubs/linked-hubs.ts';
import { derivedKey, dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { provision } from '../clients/provision.ts';

const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

const [eu, us, asia] = ['hub-eu', 'hub-us', 'hub-asia'].map((name) => `${name}.azure-devices.net`) as [
  string,
  string,
  string,
];
const keys = symmetricKeys();
const token = dpsToken(keys.primaryKey, 'dev');

async function cloudWith(settings: Partial<CloudSettings>): Promise<OpenCloud> {
  const open = await openCloud({ assignmentMs: 0, ...settings });
  opened.push(open);
  return open;
}

/** Registers the devices of a group and returns the hubs to which they are assigned. */
async function places(open: OpenCloud, count: number): Promise<Set<unknown>> {
  const found = new Set<unknown>();
  for (let index = 0; index < count; index++) {
    const id = `dev-${index}`;
    const { state } = await provision(open, id, { token: dpsToken(derivedKey(keys.primaryKey, id), id) });
    found.add(state['assignedHub']);
  }
  return found;
}

describe('hashed allocation', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `sn-${index}`);
  const shareOf = (host: string, hubs: Parameters<typeof hashedHub>[1]): number =>
    ids.filter((id) => hashedHub(id, hubs) === host).length / ids.length;

  test.each([
    ['equal', [1, 1, 1]],
    ['equal and large', [1000, 1000, 1000]],
    ['one heavy', [8, 1, 1]],
    ['far apart', [1000, 100, 1]],
  ])('gives each hub its share of the devices if the weights are %s', (_name, weights) => {
    const hubs = weights.map((weight, index) => linkedHub({ host: `hub-${index}`, weight }));
    const total = weights.reduce((sum, weight) => sum + weight);
    for (const { host, weight } of hubs) {
      const expected = weight / total;
      // Four standard deviations of a binomial distribution. A fair hash exceeds this bound once in 16,000 runs.
      const bound = 4 * Math.sqrt((expected * (1 - expected)) / ids.length);
      expect(Math.abs(shareOf(host, hubs) - expected)).toBeLessThan(bound);
    }
  });

  test('moves about a third of the devices to an added third hub, and moves no other device', () => {
    const two = [linkedHub('a'), linkedHub('b')];
    const three = [...two, linkedHub('c')];
    const moved = ids.filter((id) => hashedHub(id, two) !== hashedHub(id, three));
    expect(new Set(moved.map((id) => hashedHub(id, three)))).toEqual(new Set(['c']));
    expect(moved.length / ids.length).toBeCloseTo(1 / 3, 1);
  });

  test('ignores the letter case of the ID and the order of the hubs', () => {
    const hubs = [linkedHub('a'), linkedHub('b'), linkedHub('c')];
    for (const id of ids.slice(0, 200)) {
      expect(hashedHub(id.toUpperCase(), hubs.toReversed())).toBe(hashedHub(id, hubs));
    }
  });

  test('chooses no hub if no hub is linked', () => {
    expect(hashedHub('dev', [])).toBeUndefined();
  });

  test.each([0, -1, 1001, 1.5, Number.NaN])('refuses a weight of %d', (weight) => {
    expect(() => linkedHub({ host: 'a', weight })).toThrow('expected a whole number from 1 to 1000');
  });

  test('gives almost all devices to a hub of weight 1000 beside a hub of weight 1, over HTTPS', async () => {
    const open = await cloudWith({ hubs: [{ host: eu, weight: 1000 }, { host: us }] });
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    expect(await places(open, 20)).toEqual(new Set([eu]));
  });
});

describe('`geoLatency`', () => {
  test('chooses the hub with the lowest latency, and a hub without a latency last', async () => {
    const open = await cloudWith({ hubs: [eu, { host: us, latencyMs: 80 }, { host: asia, latencyMs: 79 }] });
    open.cloud.operator.putEnrollment(individual('dev', keys, { allocationPolicy: 'geoLatency' }));
    expect((await provision(open, 'dev', { token })).state['assignedHub']).toBe(asia);
    open.cloud.operator.putEnrollment(individual('dev', keys, { allocationPolicy: 'geoLatency', hubs: [eu, us] }));
    expect((await provision(open, 'dev', { token })).state['assignedHub']).toBe(us);
  });

  test('distributes devices over the hubs that share the lowest latency', async () => {
    const near = { latencyMs: 10 };
    const open = await cloudWith({ hubs: [{ host: eu, ...near }, { host: us, ...near }, asia] });
    open.cloud.operator.putEnrollmentGroup(group('line', keys, { allocationPolicy: 'geoLatency' }));
    expect(await places(open, 20)).toEqual(new Set([eu, us]));
  });
});

describe('the allocation policy of the service', () => {
  test('applies only to enrollments without their own policy', async () => {
    const hubs = [
      { host: eu, weight: 1000 },
      { host: us, latencyMs: 1 },
    ];
    const open = await cloudWith({ hubs, allocationPolicy: 'geoLatency' });
    const { allocationPolicy: _left, ...enrollment } = individual('dev', keys);
    open.cloud.operator.putEnrollment(enrollment);
    expect((await provision(open, 'dev', { token })).state['assignedHub']).toBe(us);
    open.cloud.operator.putEnrollment({ ...enrollment, allocationPolicy: 'hashed' });
    expect((await provision(open, 'dev', { token })).state['assignedHub']).toBe(eu);
  });

  test('with the value `static` fails with 400208 if the enrollment names no hub', async () => {
    const open = await cloudWith({ hubs: [eu], allocationPolicy: 'static' });
    const { allocationPolicy: _left, ...enrollment } = individual('dev', keys);
    open.cloud.operator.putEnrollment(enrollment);
    const { answers, status, state } = await provision(open, 'dev', { token });
    expect([answers, status, state['errorCode']]).toEqual([[202, 200], 'failed', 400208]);
    expect(open.lastVerdict()).toBe('dps hub-allocated');
    open.cloud.operator.putEnrollment({ ...enrollment, hubs: [eu.toUpperCase()] });
    expect((await provision(open, 'dev', { token })).state['assignedHub']).toBe(eu);
  });

  test('uses an excluded hub only for enrollments that name this hub', async () => {
    const open = await cloudWith({ hubs: [eu, { host: us, weight: 1000, applyAllocationPolicy: false }] });
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    expect(await places(open, 8)).toEqual(new Set([eu]));
    open.cloud.operator.putEnrollmentGroup(group('line', keys, { hubs: [us] }));
    expect(await places(open, 8)).toEqual(new Set([us]));
  });
});

describe('a broken link from DPS to a hub', () => {
  const staleKey =
    /^\{"Message":"\{\\"errorCode\\":401002,\\"message\\":\\"Unauthorized access\\",\\"trackingId\\":\\"[0-9a-f]{32}-TimeStamp:[^"]+\\",\\"info\\":null\}","ExceptionMessage":""\}$/;

  test.each<[HubLink, number, RegExp]>([
    ['unauthorized', 400209, /^IotHub unauthorized\.$/],
    ['stale-key', 401002, staleKey],
    ['unreachable', 500002, /^An error occurred while sending the request\.$/],
  ])('with the fault %s makes the operation fail until the link is repaired', async (link, errorCode, message) => {
    const open = await cloudWith({ hubs: [eu] });
    open.cloud.operator.putEnrollment(individual('dev', keys));
    expect(open.cloud.operator.setHubLink(eu, link)).toMatchObject({ ok: true });
    const { answers, status, state } = await provision(open, 'dev', { token });
    expect([answers, status, state['status'], state['errorCode']]).toEqual([[202, 200], 'failed', 'failed', errorCode]);
    expect(state['errorMessage']).toMatch(message);
    expect(open.lastVerdict()).toBe('dps hub-link-healthy');
    open.cloud.operator.setHubLink(eu, 'healthy');
    expect(await provision(open, 'dev', { token })).toMatchObject({
      status: 'assigned',
      state: { assignedHub: eu, substatus: 'initialAssignment' },
    });
  });

  test('prevents a migration if the hub is the former hub of the device', async () => {
    const open = await cloudWith({ hubs: [eu, us], fidelity: defaultFidelity });
    open.cloud.operator.putEnrollment(individual('dev', keys, { hubs: [eu] }));
    await provision(open, 'dev', { token });
    open.cloud.operator.putEnrollment(individual('dev', keys, { hubs: [us] }));
    open.cloud.operator.setHubLink(eu, 'unreachable');
    expect((await provision(open, 'dev', { token })).state['errorCode']).toBe(500002);
    expect(open.cloud.operator.setHubIdentityStatus(eu, 'dev', 'enabled')).toMatchObject({ ok: true });
    expect(open.cloud.operator.setHubIdentityStatus(us, 'dev', 'enabled')).toMatchObject({ ok: false });
  });

  test('can be simulated for linked hubs only', async () => {
    const open = await cloudWith({ hubs: [eu] });
    expect(open.cloud.operator.setHubLink(us, 'unauthorized')).toMatchObject({ ok: false });
  });
});
