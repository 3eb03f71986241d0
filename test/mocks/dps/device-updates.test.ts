import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deviceApiVersions } from '../../../core/wire/dps-wire.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { idScope, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { ask } from '../clients/raw-https.ts';

const keys = symmetricKeys();
const version = '2026-11-02-preview';
const agentInfo = { agentSdkVersion: '2.0.0', agentProfile: 1, compatibilityProperties: { model: 'pump' } };
const update = { provider: 'Contoso', name: 'Pump', version: '2.0' };
const done = { outcome: 'SUCCEEDED', failureOrigin: 'NOT_APPLICABLE', resultCode: 700, extendedResultCodes: '' };
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  for (const id of ['dev', 'other']) open.cloud.operator.putEnrollment(individual(id, keys));
});
beforeEach(() => open.cloud.updates.setScript({ onboarding: update }));
afterAll(() => open.cloud.close());

function post(verb: string, body: unknown, { id = 'dev', at = version, key = keys.primaryKey, text = '' } = {}) {
  return ask(open.cloud, {
    method: 'POST',
    path: `/${idScope}/registrations/${id}/${verb}?api-version=${at}`,
    headers: { Authorization: dpsToken(key, id), 'Content-Type': 'application/json' },
    body: text === '' ? JSON.stringify(body) : text,
  });
}

/** The schemas of the answers. They allow no members that they do not name. */
const text = { type: 'string', minLength: 1, maxLength: 128 } as const;
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const checkSchema = closed(
  {
    serviceConfigEtag: text,
    agentInfoEtag: text,
    serviceConfiguration: closed({ rootKeyDownloadUrl: { type: 'string' } }, ['rootKeyDownloadUrl']),
    updateMetadata: closed(
      {
        workflowId: text,
        updateManifest: { type: 'string' },
        updateManifestSignature: { type: 'string', pattern: String.raw`^[\w-]+\.[\w-]+\.[\w-]+$` },
        fileUrls: { type: 'object', additionalProperties: { type: 'string' } },
      },
      ['workflowId', 'updateManifest', 'updateManifestSignature', 'fileUrls'],
    ),
  },
  ['serviceConfigEtag', 'agentInfoEtag'],
);
const errorSchema = closed(
  {
    errorCode: { type: 'integer' },
    trackingId: { type: 'string' },
    message: { type: 'string' },
    timestampUtc: { type: 'string' },
    info: closed({ aduErrorCode: { type: 'string' }, aduErrorTarget: { type: 'string' } }, ['aduErrorCode']),
  },
  ['errorCode', 'trackingId', 'message', 'timestampUtc'],
);
const ajv = new Ajv({ strict: false });
const fits = (schema: object, body: unknown): unknown => (ajv.validate(schema, body) ? 'fits' : ajv.errors);

interface Metadata {
  readonly workflowId: string;
  readonly updateManifest: string;
}

async function offered(id = 'dev'): Promise<Metadata> {
  const answer = await post('requestOnboardingUpdates', { agentInfo }, { id });
  expect(answer.status).toBe(200);
  return answer.body?.['updateMetadata'] as Metadata;
}

describe('a request for an update', () => {
  test('gets the scripted update until the device reports it as installed', async () => {
    const first = await post('requestOnboardingUpdates', { agentInfo });
    expect(fits(checkSchema, first.body)).toBe('fits');
    const metadata = first.body?.['updateMetadata'] as Metadata | undefined;
    expect(JSON.parse(metadata?.updateManifest ?? '{}')).toMatchObject({ updateId: update });
    expect((await offered()).workflowId).toBe(metadata?.workflowId);
    const installed = await post('requestOnboardingUpdates', { agentInfo, installedUpdateId: update });
    expect(fits(checkSchema, installed.body)).toBe('fits');
    expect(installed.body).not.toHaveProperty('updateMetadata');
  });

  test('omits the service configuration only if the request has its current ETag', async () => {
    const { body } = await post('requestOnboardingUpdates', { agentInfo });
    const etags = { agentInfoEtag: body?.['agentInfoEtag'], serviceConfigEtag: body?.['serviceConfigEtag'] };
    const again = await post('requestOnboardingUpdates', etags);
    expect(again.body).not.toHaveProperty('serviceConfiguration');
    expect(fits(checkSchema, again.body)).toBe('fits');
    const stale = await post('requestOnboardingUpdates', { ...etags, serviceConfigEtag: 'old' });
    expect(stale.body).toHaveProperty('serviceConfiguration');
    const unknown = await post('requestOnboardingUpdates', { agentInfoEtag: 'old' });
    expect(unknown.headers['x-ms-error-code']).toBe('AGENT_INFO_REQUIRED');
  });

  test.each<[string, unknown]>([
    ['an unknown member', { agentInfo, color: 'red' }],
    ['an unknown member inside', { agentInfo: { ...agentInfo, color: 'red' } }],
    ['an ETag of 129 characters', { agentInfo, serviceConfigEtag: 'x'.repeat(129) }],
    ['a profile that is no integer', { agentInfo: { ...agentInfo, agentProfile: 1.5 } }],
    ['a list', []],
  ])('is refused with %s', async (_name, body) => {
    const answer = await post('requestOnboardingUpdates', body);
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 400004 } });
    expect(fits(errorSchema, answer.body)).toBe('fits');
  });

  test('is refused without a valid credential', async () => {
    const answer = await post('requestOnboardingUpdates', { agentInfo }, { key: Buffer.alloc(32, 1) });
    expect(answer.status).toBe(401);
    expect(open.lastVerdict()).toBe('dps token-signature-matches');
  });

  test('for software is answered only if the device is registered', async () => {
    expect((await post('requestSoftwareUpdates', { agentInfo }, { id: 'other' })).status).toBe(404);
    const path = `/${idScope}/registrations/other/register?api-version=${version}`;
    const headers = { Authorization: dpsToken(keys.primaryKey, 'other'), 'Content-Type': 'application/json' };
    expect((await ask(open.cloud, { method: 'PUT', path, headers, body: '{}' })).status).toBe(202);
    open.clock.set(open.clock.now() + 10_000);
    open.cloud.updates.setScript({ software: update });
    const answer = await post('requestSoftwareUpdates', { agentInfo }, { id: 'other' });
    expect(answer.body).toHaveProperty('updateMetadata');
  });

  test.each(deviceApiVersions.filter((each) => each !== version))(
    'is answered as an unknown route under the API version %s',
    async (at) => {
      for (const verb of ['requestOnboardingUpdates', 'requestSoftwareUpdates', 'reportUpdateStatus']) {
        expect(await post(verb, { agentInfo }, { at })).toMatchObject({ status: 404, body: { errorCode: 404001 } });
      }
    },
  );
});

describe('an error of the update service', () => {
  test.each([
    ['no update account is linked', undefined, 'UPDATE_ACCOUNT_NOT_LINKED'],
    ['the script contains an error', { error: 'UNSUPPORTED_API_VERSION' }, 'UNSUPPORTED_API_VERSION'],
  ])('has its text code in `x-ms-error-code` and in `info` (cause: %s)', async (_name, script, code) => {
    open.cloud.updates.setScript(script);
    const answer = await post('requestOnboardingUpdates', { agentInfo });
    expect(answer.headers['x-ms-error-code']).toBe(code);
    expect(answer.body).toMatchObject({ info: { aduErrorCode: code } });
    expect(fits(errorSchema, answer.body)).toBe('fits');
  });
});

describe('a report about an update', () => {
  test('gets an empty answer, and is stored once for each workflow', async () => {
    const { workflowId } = await offered();
    for (let times = 0; times < 2; times++) {
      const answer = await post('reportUpdateStatus', { workflowId, installResult: done, installedUpdateId: update });
      expect([answer.status, answer.body]).toEqual([200, {}]);
    }
    const reports = open.cloud.updates.reports().filter((each) => each.workflowId === workflowId);
    expect(reports).toEqual([{ registrationId: 'dev', workflowId, outcome: 'SUCCEEDED', resultCode: 700 }]);
  });

  test('for an unknown workflow, or for a workflow of another device, is refused', async () => {
    const { workflowId } = await offered();
    for (const [id, workflow] of [
      ['dev', 'x'],
      ['other', workflowId],
    ] as const) {
      const answer = await post('reportUpdateStatus', { workflowId: workflow, installResult: done }, { id });
      expect(answer.headers['x-ms-error-code']).toBe('UNKNOWN_WORKFLOW_ID');
    }
  });

  test.each<[string, object]>([
    ['an unknown outcome', { outcome: 'DONE' }],
    ['an unknown origin', { failureOrigin: 'ME' }],
    ['long codes', { extendedResultCodes: 'x'.repeat(1025) }],
    ['a step with another name', { stepResults: { first: done } }],
  ])('with %s is refused', async (_name, changed) => {
    const { workflowId } = await offered();
    const answer = await post('reportUpdateStatus', { workflowId, installResult: { ...done, ...changed } });
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 400004 } });
  });
});
