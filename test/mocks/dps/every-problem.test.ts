import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { problems } from '../../../core/wire/problems.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { mint, shows } from '../clients/certificates.ts';
import { dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { deviceListeners, pollAt, registerAt, type DeviceListener, type Told } from '../clients/device-at-listener.ts';
import type { Shown } from '../clients/device-wire.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { hubs, idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { ask } from '../clients/raw-https.ts';
import { askService, policyToken } from '../clients/service-wire.ts';
import { makeRequest } from '../clients/signing-requests.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

type ProblemName = keyof typeof problems;

/** A way to cause a problem, and the form in which the service reports it. */
interface Provocation {
  /** `refusal`: an error body in the first answer. `failed operation`: an operation that ends as failed, with error code and message. */
  readonly as: 'refusal' | 'failed operation';
  /** The listeners at which a device gets the problem; `service API` if a client of the service API gets the problem. */
  readonly at: readonly (DeviceListener | 'service API')[];
  readonly in?: Partial<CloudSettings>;
  readonly provoke: (open: OpenCloud, door: DeviceListener) => Promise<Told>;
}

const keys = symmetricKeys();
const chip = new SoftTpm();
const opened: OpenCloud[] = [];
let usual: OpenCloud;
let root: Minted;
let ownLeaf: Minted;

beforeAll(async () => {
  root = await mint('ca-dev', { ca: {} });
  ownLeaf = await mint('cert');
  usual = await cloudWith({});
});
afterAll(() => Promise.all(opened.map(({ cloud }) => cloud.close())));

async function cloudWith(settings: Partial<CloudSettings>): Promise<OpenCloud> {
  const open = await openCloud({ assignmentMs: 0, credentialPolicies: { daily: { validityDays: 1 } }, ...settings });
  opened.push(open);
  const { operator } = open.cloud;
  operator.putEnrollment(individual('dev', keys));
  operator.putEnrollment(individual('off', keys, { provisioningStatus: 'disabled' }));
  operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }));
  operator.putEnrollment(individual('cert', { type: 'x509', primary: ownLeaf.der }));
  operator.putEnrollment(individual('far', keys, { allocationPolicy: 'static', hubs: [hubs[1]] }));
  operator.putEnrollment(individual('unnamed', keys, { allocationPolicy: 'static' }));
  operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
  return open;
}

const fidelity = (changed: Partial<FidelitySettings>) => ({ fidelity: { ...defaultFidelity, ...changed } });
const shown = (id = 'dev', more: Shown = {}): Shown => ({
  token: dpsToken(keys.primaryKey, id, more.scope === undefined ? {} : { scope: more.scope }),
  ...more,
});
const registering =
  (id: string, showing: () => Shown | Promise<Shown>) =>
  async (open: OpenCloud, door: DeviceListener): Promise<Told> =>
    registerAt(door, open, id, await showing());

const operationIdOf = ({ body }: Told): string => String((body as Record<string, unknown>)['operationId']);

/** Registers, polls and returns the final registration state. */
const ending =
  (id: string, showing: () => Shown = () => shown(id), before: (open: OpenCloud) => void = () => {}) =>
  async (open: OpenCloud, door: DeviceListener): Promise<Told> => {
    before(open);
    const accepted = await registerAt(door, open, id, showing());
    return pollAt(door, open, id, showing(), operationIdOf(accepted));
  };

const service =
  (...[method, path, call]: [string, string, Parameters<typeof askService>[3]?]) =>
  (open: OpenCloud): Promise<Told> =>
    askService(open, method, path, call);
const keyed = (id: string) => ({ registrationId: id, attestation: { type: 'symmetricKey' } });
const putKeyed = (id: string, headers = {}) => service('PUT', `/enrollments/${id}`, { body: keyed(id), headers });
const byReader = async (open: OpenCloud): Promise<Told> => {
  const key = open.cloud.operator.putAccessPolicy('reader', ['EnrollmentRead']);
  const token = policyToken(key, 'reader', open.cloud.serviceAccess.host);
  return askService(open, 'DELETE', '/enrollments/dev', { token });
};

/**
 * Returns a clock that throws an error at one call after a test requests the error. The service then has an internal error, which no client
 * caused.
 */
function faultyClock() {
  let isFaulty = false;
  return {
    sleep: () => Promise.reject(new Error('nothing in the mock cloud sleeps')),
    now: () => {
      if (!isFaulty) return noon;
      isFaulty = false;
      throw new Error('an internal fault');
    },
    fail: () => {
      isFaulty = true;
    },
  };
}
const clock = faultyClock();

const https = ['https'] as const;
const notMqtt = ['https', 'amqp'] as const;
const serviceOnly = ['service API'] as const;

/** One entry for each problem. If a problem is added to the table, the compiler reports that it is missing here. */
const provocations: Readonly<Record<ProblemName, Provocation>> = {
  invalidRegistrationId: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev.', () => shown('dev.')),
  },
  endorsementKeyMismatch: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev', () => shown('dev', { text: '{"tpm":{}}' })),
  },
  malformedBody: { as: 'refusal', at: deviceListeners, provoke: registering('dev', () => shown('dev', { text: '{' })) },
  invalidBody: { as: 'refusal', at: deviceListeners, provoke: registering('dev', () => shown('dev', { text: '[]' })) },
  apiVersion: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev', () => shown('dev', { apiVersion: '1999-01-01' })),
  },
  csrInvalid: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev', () => shown('dev', { apiVersion: '2026-04-01', body: { csr: 'AAAA' } })),
  },
  csrNotTaken: {
    as: 'refusal',
    at: deviceListeners,
    in: fidelity({ csrInOlderVersion: 'reject' }),
    provoke: registering('dev', () => shown('dev', { body: { csr: 'AAAA' } })),
  },
  credentialPolicyNotFound: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev', async () =>
      shown('dev', { apiVersion: '2026-04-01', body: { csr: (await makeRequest('/CN=dev')).csr } }),
    ),
  },
  issuingCaUnusable: {
    as: 'refusal',
    at: deviceListeners,
    in: {},
    provoke: async (open, door) => {
      const { operator } = open.cloud;
      const ca = { namespace: 'plant', certificateAuthority: 'own-ca' };
      await operator.registry.createIssuingCa(ca, 'External');
      operator.registry.putPolicy({ ...ca, policy: 'weekly' }, 7);
      operator.putEnrollment(individual('dev', keys, { certificatePolicyName: 'weekly' }));
      const body = { csr: (await makeRequest('/CN=dev')).csr };
      return registerAt(door, open, 'dev', shown('dev', { apiVersion: '2026-11-01', body }));
    },
  },
  customAllocationRequired: {
    as: 'refusal',
    at: serviceOnly,
    provoke: service('PUT', '/enrollments/new', { body: { ...keyed('new'), allocationPolicy: 'custom' } }),
  },
  hubUnauthorized: {
    as: 'failed operation',
    at: deviceListeners,
    in: {},
    provoke: ending('far', undefined, ({ cloud }) => cloud.operator.setHubLink(hubs[1], 'unauthorized')),
  },
  hubNotSpecified: { as: 'failed operation', at: deviceListeners, in: {}, provoke: ending('unnamed') },
  hubNotFound: {
    as: 'failed operation',
    at: deviceListeners,
    in: { hubs: hubs.map((host) => ({ host, applyAllocationPolicy: false })) },
    provoke: ending('dev'),
  },
  unauthorized: {
    as: 'refusal',
    at: ['mqtt', 'amqp'],
    provoke: registering('dev', () => ({ token: dpsToken(randomBytes(32), 'dev') })),
  },
  unauthorizedAccess: {
    as: 'refusal',
    at: https,
    provoke: registering('dev', () => ({ token: dpsToken(randomBytes(32), 'dev') })),
  },
  invalidCertificate: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('cert', async () => ({ client: shows(await mint('cert')) })),
  },
  caCertificateNotFound: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('stray', async () => ({ client: shows(await mint('stray')) })),
  },
  chainMismatch: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('ca-dev', () => ({ client: shows(root) })),
  },
  enrollmentDisabled: {
    as: 'refusal',
    at: deviceListeners,
    in: fidelity({ disabledEnrollment: 'error' }),
    provoke: registering('off', () => shown('off')),
  },
  registryDeviceDisabled: {
    as: 'refusal',
    at: deviceListeners,
    in: {},
    provoke: async (open, door) => {
      const { operator } = open.cloud;
      operator.putEnrollment(individual('dev', keys, { certificatePolicyName: 'daily' }));
      const body = { csr: (await makeRequest('/CN=dev')).csr };
      await registerAt('https', open, 'dev', shown('dev', { apiVersion: '2026-11-01', body }));
      operator.revokeCertificates('dev', { disables: true });
      return registerAt(door, open, 'dev', shown('dev', { apiVersion: '2026-11-01', body }));
    },
  },
  idScopeUnknown: {
    as: 'refusal',
    at: notMqtt,
    in: fidelity({ wrongIdScopeOverHttps: '401' }),
    provoke: registering('dev', () => shown('dev', { scope: '0neFFFFFFFF' })),
  },
  idScopeNotFound: {
    as: 'refusal',
    at: notMqtt,
    provoke: registering('dev', () => shown('dev', { scope: '0neFFFFFFFF' })),
  },
  rightMissingUnauthorized: { as: 'refusal', at: serviceOnly, provoke: byReader },
  rightMissingForbidden: {
    as: 'refusal',
    at: serviceOnly,
    in: fidelity({ missingRight: '403' }),
    provoke: byReader,
  },
  enrollmentNotFound: { as: 'refusal', at: serviceOnly, provoke: service('GET', '/enrollments/nobody') },
  certificateNotFound: { as: 'refusal', at: serviceOnly, provoke: service('GET', '/certificates/none') },
  enrollmentExists: { as: 'refusal', at: serviceOnly, provoke: putKeyed('dev') },
  certificateExists: {
    as: 'refusal',
    at: serviceOnly,
    provoke: async (open) => {
      open.cloud.operator.uploadCaCertificate('known', root.der, true);
      const body = { properties: { certificate: root.der.toString('base64') } };
      return askService(open, 'PUT', '/certificates/known', { body });
    },
  },
  preconditionFailed: { as: 'refusal', at: serviceOnly, provoke: putKeyed('dev', { 'If-Match': '"another"' }) },
  notFound: {
    as: 'refusal',
    at: ['https', 'mqtt'],
    provoke: registering('ghost', () => ({ body: chip.body })),
  },
  operationNotFound: {
    as: 'refusal',
    at: deviceListeners,
    provoke: (open, door) => pollAt(door, open, 'dev', shown(), '4.0123456789abcdef.none'),
  },
  noSuchPath: {
    as: 'refusal',
    at: https,
    provoke: ({ cloud }) => ask(cloud, { path: `/${idScope}/nothing/dev?api-version=2021-06-01` }),
  },
  methodNotAllowed: {
    as: 'refusal',
    at: https,
    provoke: ({ cloud }) => ask(cloud, { path: `/${idScope}/registrations/dev/register?api-version=2021-06-01` }),
  },
  registrationUnderWay: {
    as: 'refusal',
    at: deviceListeners,
    in: { assignmentMs: 2000, ...fidelity({ concurrentRegistration: 'conflict' }) },
    provoke: async (open, door) => {
      await registerAt(door, open, 'dev', shown());
      return registerAt(door, open, 'dev', shown());
    },
  },
  bodyTooLarge: {
    as: 'refusal',
    at: deviceListeners,
    provoke: registering('dev', () => shown('dev', { body: { payload: 'x'.repeat(96 * 1024) } })),
  },
  unsupportedMediaType: {
    as: 'refusal',
    at: https,
    provoke: ({ cloud }) =>
      ask(cloud, {
        method: 'PUT',
        path: `/${idScope}/registrations/dev/register?api-version=2021-06-01`,
        headers: { 'Content-Type': 'text/plain' },
        body: '{}',
      }),
  },
  tooManyRequests: {
    as: 'refusal',
    at: deviceListeners,
    in: { quotas: { registrationsPerMinute: 0 } },
    provoke: registering('dev', () => shown()),
  },
  hubUnreachable: {
    as: 'failed operation',
    at: deviceListeners,
    in: {},
    provoke: ending('far', undefined, ({ cloud }) => cloud.operator.setHubLink(hubs[1], 'unreachable')),
  },
  internal: {
    as: 'refusal',
    at: deviceListeners,
    in: { clock },
    provoke: (open, door) => {
      clock.fail();
      return registerAt(door, open, 'dev', shown());
    },
  },
  unavailable: {
    as: 'refusal',
    at: deviceListeners,
    in: {},
    provoke: (open, door) => {
      open.cloud.faults.add({ effect: { kind: 'answer', status: 503 } });
      return registerAt(door, open, 'dev', shown());
    },
  },
};

test('this file has a request for each entry of the table `problems`', () => {
  expect(Object.keys(provocations).toSorted()).toEqual(Object.keys(problems).toSorted());
});

const cases = Object.entries(provocations).flatMap(([name, provocation]) =>
  provocation.at.map((at) => ({ name: name as ProblemName, at, provocation })),
);

describe('DPS reports an error with its documented code, message and JSON shape', () => {
  test.each(cases)('the problem `$name` at $at', async ({ name, at, provocation }) => {
    const { as, provoke } = provocation;
    const open = provocation.in === undefined ? usual : await cloudWith(provocation.in);
    const told = await provoke(open, at === 'service API' ? 'https' : at);
    const { status, errorCode, message } = problems[name];
    if (as === 'failed operation') {
      expect(told.status).toBe(at === 'amqp' ? 'answer' : 200);
      expectFit('device/device-failed', told.body);
      expect(told.body).toMatchObject({ registrationState: { errorCode, errorMessage: message } });
      return;
    }
    expect(told.status).toBe(at === 'amqp' ? 'rejected' : status);
    expectFit(at === 'service API' ? 'service/service-error' : 'device/device-error', told.body);
    expect(told.body).toMatchObject({ errorCode, message });
  });
});
