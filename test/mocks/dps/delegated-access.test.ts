import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessRights } from '../../../core/wire/access-right.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { askService, policyToken } from '../clients/service-wire.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const chip = new SoftTpm();
const enrollmentOf = (registrationId: string, tpm = chip): object => ({
  registrationId,
  attestation: { type: 'tpm', tpm: { endorsementKey: tpm.endorsementKey.toString('base64') } },
});

let open: OpenCloud;
beforeAll(async () => {
  open = await openCloud();
});
afterAll(() => open.cloud.close());

const put = (key: Buffer, policy: string, id: string): Promise<RawAnswer> =>
  askService(open, 'PUT', `/enrollments/${id}`, {
    body: enrollmentOf(id),
    token: policyToken(key, policy, open.cloud.serviceAccess.host),
  });

describe('a key with delegated access to enrollments', () => {
  test('can write enrollments of any device, and can do nothing else', async () => {
    const key = open.cloud.operator.putAccessPolicy('maker', ['EnrollmentWrite']);
    expect((await put(key, 'maker', 'one')).status).toBe(200);
    expect((await put(key, 'maker', 'another')).status).toBe(200);
    const token = policyToken(key, 'maker', open.cloud.serviceAccess.host);
    const read = await askService(open, 'GET', '/enrollments/one', { token });
    expect([read.status, open.lastVerdict()]).toEqual([401, 'dps policy-grants-right']);
  });

  test.each(accessRights.filter((right) => right !== 'EnrollmentWrite'))(
    'cannot write enrollments with only the access right %s',
    async (right) => {
      const key = open.cloud.operator.putAccessPolicy('reader', [right]);
      expect([(await put(key, 'reader', 'never')).status, open.lastVerdict()]).toEqual([
        401,
        'dps policy-grants-right',
      ]);
      expect(open.cloud.operator.enrollment('never')).toBeUndefined();
    },
  );

  test('is refused after its policy is removed, and the enrollments that a client wrote with the key remain', async () => {
    const { operator } = open.cloud;
    const key = operator.putAccessPolicy('short', ['EnrollmentWrite']);
    expect((await put(key, 'short', 'early')).status).toBe(200);
    expect(operator.deleteAccessPolicy('short')).toMatchObject({ ok: true });
    expect(operator.deleteAccessPolicy('short')).toMatchObject({ ok: false });
    expect([(await put(key, 'short', 'late')).status, open.lastVerdict()]).toEqual([401, 'dps policy-known']);
    expect(operator.enrollment('early')).toBeDefined();
    expect(operator.enrollment('late')).toBeUndefined();
  });

  test('is refused after the keys of its policy are regenerated', async () => {
    const key = open.cloud.operator.putAccessPolicy('rolled', ['EnrollmentWrite']);
    open.cloud.operator.putAccessPolicy('rolled', ['EnrollmentWrite']);
    expect([(await put(key, 'rolled', 'late')).status, open.lastVerdict()]).toEqual([
      401,
      'dps policy-token-signature-matches',
    ]);
  });
});

describe('one endorsement key in two enrollments', () => {
  test.each(['accept', 'refuse'] as const)(
    'is accepted or refused, as the switch `duplicateEndorsementKey` selects: %s',
    async (duplicateEndorsementKey) => {
      const cloud = await openCloud({ fidelity: { ...defaultFidelity, duplicateEndorsementKey } });
      const over = (id: string, tpm?: SoftTpm): Promise<RawAnswer> =>
        askService(cloud, 'PUT', `/enrollments/${id}`, { body: enrollmentOf(id, tpm) });
      expect((await over('one')).status).toBe(200);
      const second = await over('two');
      if (duplicateEndorsementKey === 'accept') expect(second.status).toBe(200);
      else expect(second.body).toMatchObject({ errorCode: 400004, message: expect.stringContaining('one') as string });
      expect((await over('three', new SoftTpm())).status).toBe(200);
      // An update of an enrollment may repeat the endorsement key of this enrollment, also if the registration ID has another letter case.
      const again = cloud.cloud.operator.enrollment('one');
      if (again === undefined) throw new Error('the device has no enrollment');
      const result = cloud.cloud.operator.putEnrollment({ ...again, registrationId: 'ONE' });
      expect(result).toMatchObject({ ok: true });
      await cloud.cloud.close();
    },
  );
});
