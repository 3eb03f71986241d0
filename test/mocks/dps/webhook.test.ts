import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { mint, shows } from '../clients/certificates.ts';
import { derivedKey, dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { register } from '../clients/device-wire.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { provision } from '../clients/provision.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';
import { openWebhook, saying, type WebhookServer } from '../clients/webhook-server.ts';

const [eu, us] = hubs;
const keys = symmetricKeys();
const token = dpsToken(keys.primaryKey, 'dev');
const ticks = '2026-01-05T12:00:00.0000000Z';

let webhook: WebhookServer;
beforeAll(async () => {
  webhook = await openWebhook();
});
afterAll(() => webhook.close());
beforeEach(() => void webhook.questions.splice(0));

const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

async function cloudWith(fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const open = await openCloud({ fidelity: { ...defaultFidelity, ...fidelity }, assignmentMs: 0 });
  opened.push(open);
  return open;
}

const custom = (url = webhook.url) =>
  ({ allocationPolicy: 'custom', customAllocation: { webhookUrl: url, apiVersion: '2021-10-01' } }) as const;
const definition = () => ({ webhookUrl: webhook.url.replace('code=secret', '****'), apiVersion: '2021-10-01' });

describe('the request to a webhook', () => {
  test('for an individual enrollment contains all its fields and no secret', async () => {
    const open = await cloudWith();
    const terms: Partial<IndividualEnrollment> = {
      ...custom(),
      deviceId: 'Device-1',
      hubs: [us],
      iotEdge: true,
      initialTwin: { tags: { site: 'A' } },
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
      optionalDeviceInformation: { batch: 7 },
    };
    open.cloud.operator.putEnrollment(individual('dev', keys, terms));
    webhook.answerWith(saying({ iotHubHostName: us }));
    const payload = { model: 'x1', more: [1, null] };
    expect((await provision(open, 'dev', { token, body: { payload } })).status).toBe('assigned');
    const [question] = webhook.questions;
    const etag = (question?.['individualEnrollment'] as Record<string, unknown> | undefined)?.['etag'];
    expect(etag).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(question).toEqual({
      individualEnrollment: {
        registrationId: 'dev',
        deviceId: 'Device-1',
        optionalDeviceInformation: { batch: 7 },
        attestation: { type: 'symmetricKey' },
        capabilities: { iotEdge: true },
        initialTwin: { tags: { site: 'A' } },
        etag,
        provisioningStatus: 'enabled',
        reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
        createdDateTimeUtc: ticks,
        lastUpdatedDateTimeUtc: ticks,
        allocationPolicy: 'custom',
        iotHubs: [us],
        customAllocationDefinition: definition(),
      },
      deviceRuntimeContext: { registrationId: 'dev', symmetricKey: {}, payload },
      linkedHubs: [eu, us],
    });
    expect(webhook.headers()['content-type']).toBe('application/json; charset=utf-8');
  });

  test('for a group names the current hub and device ID of an assigned device', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    open.clock.set(noon + 1000);
    open.cloud.operator.putEnrollmentGroup(group('line', keys, custom()));
    open.clock.set(noon);
    webhook.answerWith(saying({ iotHubHostName: us }));
    const shown = { token: dpsToken(derivedKey(keys.primaryKey, 'dev'), 'dev') };
    await provision(open, 'dev', shown);
    await provision(open, 'dev', shown);
    const [first, second] = webhook.questions;
    expect(first).toEqual({
      enrollmentGroup: {
        enrollmentGroupId: 'line',
        attestation: { type: 'symmetricKey' },
        capabilities: { iotEdge: false },
        etag: expect.any(String) as string,
        provisioningStatus: 'enabled',
        reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: true },
        createdDateTimeUtc: ticks,
        lastUpdatedDateTimeUtc: '2026-01-05T12:00:01.0000000Z',
        allocationPolicy: 'custom',
        customAllocationDefinition: definition(),
      },
      deviceRuntimeContext: { registrationId: 'dev', symmetricKey: {} },
      linkedHubs: [eu, us],
    });
    expect(second).toEqual({
      ...first,
      deviceRuntimeContext: {
        registrationId: 'dev',
        currentIotHubHostName: us,
        currentDeviceId: 'dev',
        symmetricKey: {},
      },
    });
  });

  test('describes certificates by their contents', async () => {
    const open = await cloudWith();
    const root = await mint('Root', { ca: {} });
    const leaf = await mint('dev', { by: root });
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }, custom()));
    webhook.answerWith(saying({ iotHubHostName: us }));
    expect((await provision(open, 'dev', { client: shows(leaf) })).status).toBe('assigned');
    const info = (subjectName: string, thumbprint: unknown) => ({
      info: {
        subjectName,
        issuerName: 'CN=Root',
        sha1Thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string,
        sha256Thumbprint: thumbprint,
        notBeforeUtc: expect.stringMatching(/\.0000000Z$/) as string,
        notAfterUtc: expect.stringMatching(/\.0000000Z$/) as string,
        serialNumber: expect.stringMatching(/^[0-9A-F]+$/) as string,
        version: 3,
      },
    });
    const sha256 = createHash('sha256').update(leaf.der).digest('hex').toUpperCase();
    expect(webhook.questions[0]).toMatchObject({
      enrollmentGroup: {
        attestation: {
          type: 'x509',
          x509: { signingCertificates: { primary: info('CN=Root', expect.any(String)) } },
        },
      },
      deviceRuntimeContext: { x509: { clientCertificates: { primary: info('CN=dev', sha256) } } },
    });
    expect(JSON.stringify(webhook.questions[0])).not.toContain(leaf.der.toString('base64').slice(0, 40));
  });

  test('for a TPM has its public keys, and is sent at the second request', async () => {
    const open = await cloudWith();
    const chip = new SoftTpm();
    const endorsementKey = Buffer.from(chip.body.tpm.endorsementKey, 'base64');
    open.cloud.operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey }, custom()));
    webhook.answerWith(saying({ iotHubHostName: us }));
    const challenge = await register(open.cloud, 'chip', { body: chip.body });
    expect([challenge.status, webhook.questions.length]).toEqual([401, 0]);
    const signed = dpsToken(chip.unwrap(challenge.body?.['authenticationKey']), 'chip');
    expect((await provision(open, 'chip', { token: signed, body: chip.body })).status).toBe('assigned');
    expect(webhook.questions).toMatchObject([
      {
        individualEnrollment: {
          attestation: { type: 'tpm', tpm: { endorsementKey: chip.body.tpm.endorsementKey } },
        },
        deviceRuntimeContext: { registrationId: 'chip', tpm: chip.body.tpm },
      },
    ]);
  });

  test('is in the history with its answer, but without the key from the URL of the webhook', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith(saying({ iotHubHostName: us }));
    await provision(open, 'dev', { token });
    const call = open.history.events().find((event) => event.kind === 'wire' && event.to === 'webhook');
    expect(call).toMatchObject({ from: 'dps', door: 'https' });
    const message = call?.kind === 'wire' ? call.message : '';
    expect(message).toContain(`→ 200 {"iotHubHostName":"${us}"}`);
    expect(JSON.stringify(open.history.events())).not.toContain('code=secret');
  });
});

describe('the answer of a webhook', () => {
  test.each<[string, object, object]>([
    ['a hub', { iotHubHostName: us }, { assignedHub: us }],
    ['a hub in capitals', { iotHubHostName: us.toUpperCase() }, { assignedHub: us }],
    ['a hub under the other spelling', { iotHubHostname: us }, { assignedHub: us }],
    ['a payload', { iotHubHostName: us, payload: { a: [1] } }, { payload: { a: [1] } }],
    ['a payload of null', { iotHubHostName: us, payload: null, initialTwin: null }, { assignedHub: us }],
  ])('is accepted if it has %s', async (_name, answer, expected) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith(saying(answer));
    const { status, state } = await provision(open, 'dev', { token });
    expect([status, state]).toMatchObject(['assigned', expected]);
    expect('payload' in state).toBe('payload' in expected);
    expect(
      open
        .decisions()
        .at(-1)
        ?.checks.slice(-5)
        .map(({ check }) => check),
    ).toEqual([
      'webhook-answered',
      'webhook-answer-readable',
      'webhook-hub-linked',
      'hub-allocated',
      'hub-link-healthy',
    ]);
  });

  const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end('{}');
  const text = (body: string) => (response: ServerResponse) => void response.writeHead(200).end(body);
  const cut = (response: ServerResponse) => void response.socket?.destroy();
  const half = (response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Length': '1000' });
    response.write('{"iotHub', () => response.socket?.destroy());
  };
  test.each<[string, (response: ServerResponse) => void, string, string]>([
    ['400', status(400), 'webhook-answered', 'Custom allocation failed with status code: 400'],
    ['401', status(401), 'webhook-answered', 'Custom allocation failed with status code: 401'],
    ['500', status(500), 'webhook-answered', 'Custom allocation failed with status code: 500'],
    ['204', status(204), 'webhook-answered', 'Custom allocation failed with status code: 204'],
    [
      'a redirection',
      (response) => void response.writeHead(302, { Location: '/elsewhere' }).end(),
      'webhook-answered',
      'Custom allocation failed with status code: 302',
    ],
    ['a cut connection', cut, 'webhook-answered', 'Custom allocation failed: the webhook did not answer.'],
    ['half an answer', half, 'webhook-answered', 'Custom allocation failed: the webhook did not answer.'],
    ...(
      [
        ['not JSON', text('<html>')],
        ['nothing', text('')],
        ['an array', text('[]')],
        ['no hub', saying({ payload: 1 })],
        ['a hub that is a number', saying({ iotHubHostName: 1 })],
        ['a twin that is none', saying({ iotHubHostName: us, initialTwin: 'x' })],
        [
          'desired properties that are none',
          saying({ iotHubHostName: us, initialTwin: { properties: { desired: 1 } } }),
        ],
        ['more than is read', text(JSON.stringify({ iotHubHostName: us, payload: 'x'.repeat(200_000) }))],
      ] as const
    ).map(
      ([name, answer]) =>
        [
          name,
          answer,
          'webhook-answer-readable',
          'Custom allocation failed: the answer of the webhook is not JSON that names a hub.',
        ] as [string, (response: ServerResponse) => void, string, string],
    ),
    [
      'an unknown hub',
      saying({ iotHubHostName: 'gone.azure-devices.net' }),
      'webhook-hub-linked',
      'Custom allocation failed: the webhook names a hub that is not linked or that the enrollment does not permit.',
    ],
  ])('makes the operation fail with 400207 (kind of answer: %s)', async (_name, answer, check, errorMessage) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith(answer);
    const ended = await provision(open, 'dev', { token });
    expect(ended).toMatchObject({ answers: [202, 200], status: 'failed', state: { errorCode: 400207, errorMessage } });
    expect(open.lastVerdict()).toBe(`dps ${check}`);
    expect(open.cloud.operator.setHubIdentityStatus(us, 'dev', 'enabled')).toMatchObject({ ok: false });
  });

  test('may not name a linked hub that the enrollment does not list', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, { ...custom(), hubs: [eu] }));
    webhook.answerWith(saying({ iotHubHostName: us }));
    expect((await provision(open, 'dev', { token })).state['errorCode']).toBe(400207);
    expect(open.lastVerdict()).toBe('dps webhook-hub-linked');
  });

  test('that does not arrive makes the operation fail after the timeout', async () => {
    const open = await cloudWith({ webhookTimeout: '1s' });
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith(() => {});
    const before = performance.now();
    const ended = await provision(open, 'dev', { token });
    expect(performance.now() - before).toBeGreaterThan(900);
    expect(ended).toMatchObject({ status: 'failed', state: { errorCode: 400207 } });
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toBe('the webhook did not answer (waited 1 s)');
  });

  test.each([
    ['a port where nothing listens', 'http://127.0.0.1:9/', /ECONNREFUSED|bad port/],
    ['a host that does not exist', 'http://nothing.invalid/', /ENOTFOUND|EAI_AGAIN/],
  ])('is missing, with a recorded reason, if the URL of the webhook names %s', async (_name, url, reason) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, custom(url)));
    expect((await provision(open, 'dev', { token })).state['errorCode']).toBe(400207);
    expect(open.decisions().at(-1)?.checks.at(-1)).toMatchObject({
      check: 'webhook-answered',
      found: expect.stringMatching(reason) as string,
    });
  });
});

describe('the fidelity switch', () => {
  test.each([
    ['never', 1, 'failed'],
    ['once', 2, 'assigned'],
  ] as const)('`webhookRetry` selects how often DPS repeats a failed call: %s', async (webhookRetry, calls, status) => {
    const open = await cloudWith({ webhookRetry });
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith((response) => {
      if (webhook.questions.length === 1) response.writeHead(503).end();
      else saying({ iotHubHostName: us })(response);
    });
    expect((await provision(open, 'dev', { token })).status).toBe(status);
    expect(webhook.questions).toHaveLength(calls);
  });

  test('`webhookRetry: once` does not make DPS repeat a call that the webhook refused with 400', async () => {
    const open = await cloudWith({ webhookRetry: 'once' });
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith((response) => void response.writeHead(400).end());
    await provision(open, 'dev', { token });
    expect(webhook.questions).toHaveLength(1);
  });

  test('`webhookFailure` with the value `500001` changes the error code of an unusable answer', async () => {
    const open = await cloudWith({ webhookFailure: '500001' });
    open.cloud.operator.putEnrollment(individual('dev', keys, custom()));
    webhook.answerWith(saying([]));
    expect((await provision(open, 'dev', { token })).state['errorCode']).toBe(500001);
    webhook.answerWith((response) => void response.writeHead(400).end());
    expect((await provision(open, 'dev', { token })).state['errorCode']).toBe(400207);
  });
});

test.each([
  [
    'no definition',
    { allocationPolicy: 'custom' } as const,
    "A CustomAllocationDefinition is required when the allocation policy is set to 'Custom'",
  ],
  ['no URL', custom('allocate'), 'not a webhook URL'],
  ['a URL of another kind', custom('ftp://example.com/'), 'not a webhook URL'],
  [
    'an old API version',
    { allocationPolicy: 'custom', customAllocation: { webhookUrl: 'https://a/', apiVersion: '2018-04-01' } } as const,
    '2018-09-01-preview or later',
  ],
])('DPS refuses custom allocation with %s', async (_name, terms, sentence) => {
  const open = await cloudWith();
  expect(open.cloud.operator.putEnrollment(individual('dev', keys, terms))).toMatchObject({
    failure: { sentence: expect.stringContaining(sentence) as unknown },
  });
});
