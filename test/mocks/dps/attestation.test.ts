import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { mint, shows, yearMs } from '../clients/certificates.ts';
import { derivedKey, dpsToken, group, hubToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { poll, register, type Shown } from '../clients/device-wire.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { RawMqtt, publishPacket, subscribePacket } from '../clients/raw-mqtt.ts';
import { idScope } from '../clients/open-cloud.ts';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const [hub, otherHub] = hubs;
const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

async function cloudWith(fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const open = await openCloud({ fidelity: { ...defaultFidelity, ...fidelity }, assignmentMs: 0 });
  opened.push(open);
  return open;
}

/** Sends a register request. Returns the status and the error code of the answer, and the failed check. */
async function outcome(open: OpenCloud, id: string, shown: Shown = {}): Promise<string> {
  const answer = await register(open.cloud, id, shown);
  const number = answer.body?.['errorCode'];
  return [answer.status, ...(typeof number === 'number' ? [number] : []), open.lastVerdict()].join(' ');
}

const good = '202 dps passed';

/** Registers, polls until the operation ends and returns the registration state. */
async function assigned(open: OpenCloud, id: string, shown: Shown): Promise<Record<string, unknown>> {
  const accepted = await register(open.cloud, id, shown);
  expect([accepted.status, accepted.body?.['status']]).toEqual([202, 'assigning']);
  const done = await poll(open.cloud, id, accepted.body?.['operationId'], shown);
  expect([done.status, done.body?.['status']]).toEqual([200, 'assigned']);
  return done.body?.['registrationState'] as Record<string, unknown>;
}

function checksOfLast(open: OpenCloud): string[] {
  return (
    open
      .decisions()
      .at(-1)
      ?.checks.map(({ check, passed }) => (passed ? check : `${check}!`)) ?? []
  );
}

const onlyAt = (host: string) => ({ allocationPolicy: 'static', hubs: [host] }) as const;

describe('a device with a symmetric key', () => {
  const keys = symmetricKeys();
  const se = noon / 1000;

  test.each<[string, string, Shown, string]>([
    ['the primary key', 'dev', { token: dpsToken(keys.primaryKey, 'dev') }, good],
    ['the secondary key', 'dev', { token: dpsToken(keys.secondaryKey, 'dev') }, good],
    ['sr raw', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { sr: `${idScope}/registrations/dev` }) }, good],
    [
      'sr with %2f',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev', { sr: `${idScope}%2fregistrations%2fdev` }) },
      good,
    ],
    [
      'sr in lower case',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev', { sr: `${idScope.toLowerCase()}%2fregistrations%2fdev` }) },
      good,
    ],
    ['a registration ID in capitals', 'DEV', { token: dpsToken(keys.primaryKey, 'DEV') }, good],
    [
      'a clock that is years ahead',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev', { se: se + 10 * 365 * 86400 }) },
      good,
    ],
    ['an expiry 300 s ago', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { se: se - 300 }) }, good],
    [
      'an expiry 301 s ago',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev', { se: se - 301 }) },
      '401 401002 dps token-fresh',
    ],
    ['a clock in 1970', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { se: 3600 }) }, '401 401002 dps token-fresh'],
    ['another key', 'dev', { token: dpsToken(randomBytes(64), 'dev') }, '401 401002 dps token-signature-matches'],
    [
      'a key derived from the enrolled one',
      'dev',
      { token: dpsToken(derivedKey(keys.primaryKey, 'dev'), 'dev') },
      '401 401002 dps token-signature-matches',
    ],
    ['no skn', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { skn: null }) }, good],
    ['an empty skn', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { skn: '' }) }, good],
    ['another skn', 'dev', { token: dpsToken(keys.primaryKey, 'dev', { skn: 'iothubowner' }) }, good],
    ['a token of another scheme', 'dev', { token: 'Basic aHVudGVyMg==' }, '401 401002 dps token-well-formed'],
    [
      'a token for another device',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev2') },
      '401 401002 dps token-audience-matches',
    ],
    [
      'a token for another scope',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev', { scope: '0neFFFFFFFF' }) },
      '401 401002 dps token-audience-matches',
    ],
    [
      'a token of a hub',
      'dev',
      { token: hubToken(keys.primaryKey, hub, 'dev') },
      '401 401002 dps token-audience-matches',
    ],
    ['nothing', 'dev', {}, '401 401002 dps attestation-type-matches'],
    [
      'TPM keys',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev'), body: { tpm: { endorsementKey: 'AAAA' } } },
      '401 401002 dps attestation-type-matches',
    ],
    [
      'another scope',
      'dev',
      { token: dpsToken(keys.primaryKey, 'dev'), scope: '0neFFFFFFFF' },
      '404 404201 dps id-scope-known',
    ],
    ['an invalid ID', 'dev.', { token: dpsToken(keys.primaryKey, 'dev.') }, '400 400004 dps registration-id-valid'],
    [
      'an ID without an enrollment',
      'ghost',
      { token: dpsToken(keys.primaryKey, 'ghost') },
      '401 401002 dps enrollment-found',
    ],
    ['a disabled enrollment', 'off', { token: dpsToken(keys.primaryKey, 'off') }, '200 dps enrollment-enabled'],
    [
      'a disabled enrollment and another key',
      'off',
      { token: dpsToken(randomBytes(64), 'off') },
      '401 401002 dps token-signature-matches',
    ],
  ])('with an individual enrollment gets the documented answer (case: %s)', async (_name, id, shown, expected) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    open.cloud.operator.putEnrollment(individual('off', keys, { provisioningStatus: 'disabled' }));
    expect(await outcome(open, id, shown)).toBe(expected);
  });

  test.each([
    [null, good],
    ['', good],
    ['registration', good],
    ['iothubowner', '401 401002 dps token-well-formed'],
  ])('with the key name %j in its token gets "%s" if `dpsTokenKeyName` is `registration`', async (skn, expected) => {
    const open = await cloudWith({ dpsTokenKeyName: 'registration' });
    open.cloud.operator.putEnrollment(individual('dev', keys));
    expect(await outcome(open, 'dev', { token: dpsToken(keys.primaryKey, 'dev', { skn }) })).toBe(expected);
  });

  test('signs a token that is accepted until exactly five minutes after its expiry', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    const token = dpsToken(keys.primaryKey, 'dev', { se });
    open.clock.set(noon + 300_000);
    expect(await outcome(open, 'dev', { token })).toBe(good);
    open.clock.set(noon + 300_001);
    expect(await outcome(open, 'dev', { token })).toBe('401 401002 dps token-fresh');
  });

  test.each<[string, string, () => string, string]>([
    ['derived from the primary', 'dev-7', () => dpsToken(derivedKey(keys.primaryKey, 'dev-7'), 'dev-7'), good],
    ['derived from the secondary', 'dev-7', () => dpsToken(derivedKey(keys.secondaryKey, 'dev-7'), 'dev-7'), good],
    [
      'derived from the key of the second group',
      'dev-7',
      () => dpsToken(derivedKey(second.primaryKey, 'dev-7'), 'dev-7'),
      good,
    ],
    [
      'derived for another device',
      'dev-7',
      () => dpsToken(derivedKey(keys.primaryKey, 'dev-8'), 'dev-7'),
      '401 401002 dps token-signature-matches',
    ],
    [
      'the group key itself',
      'dev-7',
      () => dpsToken(keys.primaryKey, 'dev-7'),
      '401 401002 dps token-signature-matches',
    ],
    [
      'derived from the key of a disabled group',
      'dev-7',
      () => dpsToken(derivedKey(third.primaryKey, 'dev-7'), 'dev-7'),
      '200 dps enrollment-enabled',
    ],
    [
      'derived, and its token is for another resource',
      'dev-7',
      () => dpsToken(derivedKey(keys.primaryKey, 'dev-7'), 'dev-7', { sr: 'x' }),
      '401 401002 dps token-audience-matches',
    ],
  ])('in an enrollment group gets the documented answer if its key is %s', async (_name, id, token, expected) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('first', keys));
    open.cloud.operator.putEnrollmentGroup(group('second', second));
    open.cloud.operator.putEnrollmentGroup(group('third', third, { provisioningStatus: 'disabled' }));
    expect(await outcome(open, id, { token: token() })).toBe(expected);
  });
  const second = symmetricKeys();
  const third = symmetricKeys();

  test('is verified by checks in a fixed order, and each check is recorded', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    await register(open.cloud, 'dev', { token: dpsToken(keys.primaryKey, 'dev') });
    expect(checksOfLast(open)).toEqual([
      'id-scope-known',
      'registration-id-valid',
      'enrollment-found',
      'attestation-type-matches',
      'token-well-formed',
      'token-audience-matches',
      'token-signature-matches',
      'token-fresh',
      'enrollment-enabled',
      'hub-allocated',
      'hub-link-healthy',
    ]);
    await register(open.cloud, 'dev', { token: dpsToken(randomBytes(32), 'dev') });
    expect(checksOfLast(open).slice(-2)).toEqual(['token-audience-matches', 'token-signature-matches!']);
  });
});

describe('an individual certificate', () => {
  test('is checked by its thumbprint, its common name and its validity', async () => {
    const open = await cloudWith();
    const [one, two, other] = await Promise.all([mint('dev'), mint('dev'), mint('dev')]);
    const { operator } = open.cloud;
    operator.putEnrollment(individual('dev', { type: 'x509', primary: one.der, secondary: two.der }));
    operator.putEnrollment(individual('off', { type: 'x509', primary: other.der }, { provisioningStatus: 'disabled' }));
    expect(await outcome(open, 'dev', { client: shows(one) })).toBe(good);
    expect(await outcome(open, 'dev', { client: shows(two) })).toBe(good);
    expect(await outcome(open, 'DEV', { client: shows(one) })).toBe(good);
    expect(await outcome(open, 'dev', { client: shows(other) })).toBe('401 401002 dps thumbprint-matches');
    // This certificate has the key and the names of the enrolled certificate, but is another certificate.
    expect(await outcome(open, 'dev', { client: shows(await mint('dev', { keys: one.keys })) })).toBe(
      '401 401002 dps thumbprint-matches',
    );
    expect(await outcome(open, 'dev', { client: shows(await mint('dev2')) })).toBe(
      '401 401002 dps common-name-matches',
    );
    expect(await outcome(open, 'dev', { client: shows(await mint(undefined)) })).toBe(
      '401 401002 dps common-name-matches',
    );
    expect(await outcome(open, 'dev', {})).toBe('401 401002 dps attestation-type-matches');
    expect(await outcome(open, 'dev', { token: dpsToken(randomBytes(32), 'dev') })).toBe(
      '401 401002 dps attestation-type-matches',
    );
    expect(await outcome(open, 'off', { client: shows(other) })).toBe('401 401002 dps common-name-matches');
    for (const [at, expected] of [
      [noon + yearMs, good],
      [noon + yearMs + 1, '401 401002 dps certificate-valid-now'],
      [noon - yearMs, good],
      [noon - yearMs - 1, '401 401002 dps certificate-valid-now'],
    ] as const) {
      open.clock.set(at);
      expect(await outcome(open, 'dev', { client: shows(one) })).toBe(expected);
    }
  });

  test('may be in only one enrollment', async () => {
    const open = await cloudWith();
    const { der } = await mint('dev');
    expect(open.cloud.operator.putEnrollment(individual('dev', { type: 'x509', primary: der }))).toMatchObject({
      ok: true,
    });
    expect(open.cloud.operator.putEnrollment(individual('dev2', { type: 'x509', primary: der }))).toMatchObject({
      failure: { sentence: expect.stringContaining('dev') as unknown },
    });
    expect(open.cloud.operator.putEnrollment(individual('Dev', { type: 'x509', primary: der }))).toMatchObject({
      ok: true,
    });
  });
});

describe('a chain under the CA of a group', () => {
  test('is accepted up to the group CA, with or without the root', async () => {
    const { root, middle, leaf } = await pki();
    const open = await withGroup(root);
    expect(await outcome(open, 'dev', { client: shows(leaf, middle) })).toBe(good);
    expect(await outcome(open, 'dev', { client: shows(leaf, middle, root) })).toBe(good);
    const near = await withGroup(middle);
    expect(await outcome(near, 'dev', { client: shows(leaf) })).toBe(good);
    expect(checksOfLast(near)).toContain('certificate-is-leaf');
  });

  test('is accepted, too, if its CA is the secondary CA of the group', async () => {
    const { root, middle, leaf, other } = await pki();
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: other.der, secondary: root.der }));
    expect(await outcome(open, 'dev', { client: shows(leaf, middle) })).toBe(good);
  });

  test.each<[string, string, (pki: Pki) => Promise<Shown['client']>, string]>([
    ['without the intermediate', 'dev', async ({ leaf }) => shows(leaf), '401 401002 dps chain-complete'],
    [
      'under another root',
      'dev',
      async ({ other }) => shows(await mint('dev', { by: other }), other),
      '401 401002 dps chain-trusted',
    ],
    ['that is self-signed', 'dev', async () => shows(await mint('dev')), '401 401002 dps chain-trusted'],
    [
      'with another name',
      'dev2',
      async ({ leaf, middle }) => shows(leaf, middle),
      '401 401002 dps common-name-matches',
    ],
    [
      'with no name',
      'dev',
      async ({ middle }) => shows(await mint(undefined, { by: middle }), middle),
      '401 401002 dps common-name-matches',
    ],
    [
      'that has expired',
      'dev',
      async ({ middle }) => shows(await mint('dev', { by: middle, notAfter: noon - 1000 }), middle),
      '401 401002 dps certificate-valid-now',
    ],
    [
      'that is not yet valid',
      'dev',
      async ({ middle }) => shows(await mint('dev', { by: middle, notBefore: noon + 1000 }), middle),
      '401 401002 dps certificate-valid-now',
    ],
    [
      'with an expired intermediate',
      'dev',
      async ({ root }) => {
        const old = await mint('Old', { ca: {}, by: root, notAfter: noon - 1000 });
        return shows(await mint('dev', { by: old }), old);
      },
      '401 401002 dps ca-valid-now',
    ],
    [
      'with an issuer that is not a CA',
      'dev',
      async ({ middle }) => {
        const sibling = await mint('Sibling', { by: middle });
        return shows(await mint('dev', { by: sibling }), sibling, middle);
      },
      '401 401002 dps basic-constraints-hold',
    ],
    [
      'with one CA too many',
      'dev',
      async ({ middle }) => {
        const below = await mint('Below', { ca: {}, by: middle });
        return shows(await mint('dev', { by: below }), below, middle);
      },
      '401 401002 dps path-length-holds',
    ],
    [
      'for servers only',
      'dev',
      async ({ middle }) => shows(await mint('dev', { by: middle, extendedKeyUsage: ['serverAuth'] }), middle),
      '401 401002 dps extended-key-usage-allows',
    ],
    [
      'with an unknown critical extension',
      'dev',
      async ({ middle }) =>
        shows(
          await mint('dev', {
            by: middle,
            extraExtensions: [{ oid: '1.2.3.4.5', critical: true, value: Buffer.from([5, 0]) }],
          }),
          middle,
        ),
      '401 401002 dps critical-extensions-known',
    ],
    [
      'signed by another CA with the name of the intermediate',
      'dev',
      async ({ middle }) => {
        const namesake = await mint('Middle', { ca: {} });
        const forged = await mint('dev', { issuer: { certificate: middle.certificate, keys: namesake.keys } });
        return shows(forged, middle);
      },
      '401 401002 dps chain-signatures-match',
    ],
    ['that is the CA itself', 'Root', async ({ root }) => shows(root), '401 401002 dps certificate-is-leaf'],
    ['that was not sent', 'dev', async () => undefined, '401 401002 dps enrollment-found'],
  ])('%s is refused', async (_name, id, client, expected) => {
    const authorities = await pki();
    const open = await withGroup(authorities.root);
    expect(await outcome(open, id, { client: await client(authorities) })).toBe(expected);
  });

  test('with a gap, or with a CA certificate as the device certificate, gets the error message of the real service', async () => {
    const { root, leaf } = await pki();
    const open = await withGroup(root);
    const message = async (id: string, client: Shown['client']): Promise<unknown> =>
      (await register(open.cloud, id, { client })).body?.['message'];
    expect(await message('dev', shows(leaf))).toBe('CA certificate not found.');
    expect(await message('Root', shows(root))).toBe('Signing certificate info did not match chain elements.');
  });

  test('is refused with 401002 if no group enrolls the CA', async () => {
    const open = await cloudWith();
    expect(await outcome(open, 'dev', { client: shows((await pki()).leaf) })).toBe('401 401002 dps enrollment-found');
  });

  test.each([
    ['the nearest group first', true],
    ['the group of the root first', false],
  ])('belongs to the group of its nearest CA, in any order of the enrollments: %s', async (_name, nearFirst) => {
    const { root, middle, leaf } = await pki();
    const open = await cloudWith();
    const { operator } = open.cloud;
    const groups = [
      group('near', { type: 'x509', primary: middle.der }, { allocationPolicy: 'static', hubs: [hub] }),
      group('far', { type: 'x509', primary: root.der }, { allocationPolicy: 'static', hubs: [otherHub] }),
    ];
    for (const one of nearFirst ? groups : groups.toReversed()) operator.putEnrollmentGroup(one);
    const client = shows(leaf, middle, root);
    expect(await assigned(open, 'dev', { client })).toMatchObject({ assignedHub: hub, x509: {} });
    operator.putEnrollmentGroup(
      group('near', { type: 'x509', primary: middle.der }, { provisioningStatus: 'disabled' }),
    );
    expect(await outcome(open, 'dev', { client })).toBe('200 dps enrollment-enabled');
    operator.deleteEnrollmentGroup('near');
    expect(await assigned(open, 'dev', { client })).toMatchObject({ assignedHub: otherHub });
  });

  test.each([
    ['the nearest group first', true],
    ['the group of the root first', false],
  ])('with an expired leaf belongs to the group of its nearest CA, too: %s', async (_name, nearFirst) => {
    const { root, middle } = await pki();
    const expired = await mint('dev', { by: middle, notAfter: noon - 1000 });
    const open = await cloudWith();
    const groups = [
      group('near', { type: 'x509', primary: middle.der }, { provisioningStatus: 'disabled' }),
      group('far', { type: 'x509', primary: root.der }),
    ];
    for (const one of nearFirst ? groups : groups.toReversed()) open.cloud.operator.putEnrollmentGroup(one);
    expect(await outcome(open, 'dev', { client: shows(expired, middle, root) })).toBe(
      '401 401002 dps certificate-valid-now',
    );
  });

  test.each([
    ['the group of the other CA first', true],
    ['the group of the other CA last', false],
  ])('with a forged signature belongs to no group, in any order of the enrollments: %s', async (_name, otherFirst) => {
    const { middle, other } = await pki();
    const forged = await mint('dev', { issuer: { certificate: middle.certificate, keys: other.keys } });
    const open = await cloudWith();
    const groups = [
      group('other-ca', { type: 'x509', primary: other.der }, { provisioningStatus: 'disabled' }),
      group('near', { type: 'x509', primary: middle.der }),
    ];
    for (const one of otherFirst ? groups : groups.toReversed()) open.cloud.operator.putEnrollmentGroup(one);
    for (const client of [shows(forged), shows(forged, middle)]) {
      expect(await outcome(open, 'dev', { client })).toBe('401 401002 dps chain-signatures-match');
    }
  });
});

describe('an individual enrollment takes precedence over every group', () => {
  test('even if it is disabled or requires another attestation type, until it is deleted', async () => {
    const open = await cloudWith();
    const root = await mint('Root', { ca: {} });
    const client = shows(await mint('dev', { by: root }), root);
    const { operator } = open.cloud;
    operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
    expect(await outcome(open, 'dev', { client })).toBe(good);
    const keys = symmetricKeys();
    operator.putEnrollment(individual('dev', keys, { provisioningStatus: 'disabled' }));
    expect(await outcome(open, 'dev', { client })).toBe('200 dps enrollment-enabled');
    operator.putEnrollment(individual('DEV', keys));
    expect(await outcome(open, 'dev', { client })).toBe('401 401002 dps attestation-type-matches');
    operator.putEnrollment(individual('dev', { type: 'x509', primary: (await mint('dev')).der }));
    expect(await outcome(open, 'dev', { client })).toBe('401 401002 dps thumbprint-matches');
    expect(operator.deleteEnrollment('dev')).toMatchObject({ ok: true });
    expect(operator.deleteEnrollment('dev')).toMatchObject({ ok: false });
    expect(await outcome(open, 'dev', { client })).toBe(good);
  });

  test('even if the group has the same key', async () => {
    const open = await cloudWith();
    const keys = symmetricKeys();
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    open.cloud.operator.putEnrollment(individual('dev', keys));
    expect(await outcome(open, 'dev', { token: dpsToken(derivedKey(keys.primaryKey, 'dev'), 'dev') })).toBe(
      '401 401002 dps token-signature-matches',
    );
    expect(await outcome(open, 'dev', { token: dpsToken(keys.primaryKey, 'dev') })).toBe(good);
  });
});

describe('a TPM', () => {
  const chip = new SoftTpm();
  const other = new SoftTpm();

  async function withTpm(fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
    const open = await cloudWith(fidelity);
    open.cloud.operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }));
    return open;
  }
  const challenge = async (open: OpenCloud, tpm: SoftTpm = chip, id = 'chip'): Promise<RawAnswer> =>
    register(open.cloud, id, { body: tpm.body });
  const answerTo = (answer: RawAnswer, tpm: SoftTpm = chip, id = 'chip'): string =>
    dpsToken(tpm.unwrap(answer.body?.['authenticationKey']), id);

  test('gets a challenge, answers it and receives its wrapped hub key', async () => {
    const open = await withTpm();
    const challenged = await challenge(open);
    expect(challenged.status).toBe(401);
    expect(open.lastVerdict()).toBe('dps passed');
    expect(challenged.body).toEqual({
      message: 'Authorization required, resend request using supplied key',
      authenticationKey: challenged.body?.['authenticationKey'],
      unencryptedAuthenticationKey: null,
      keyName: 'registration',
    });
    expect(Buffer.from(String(challenged.body?.['authenticationKey']), 'base64')).toHaveLength(920);
    const token = answerTo(challenged);
    const state = await assigned(open, 'chip', { token, body: chip.body });
    expect(checksOfLast(open)).toContain('challenge-answered');
    const { authenticationKey } = state['tpm'] as { authenticationKey: string };
    expect(Buffer.from(authenticationKey, 'base64')).toHaveLength(874);
    const key = chip.unwrap(authenticationKey);
    expect(key).toHaveLength(32);
    expect(() => other.unwrap(authenticationKey)).toThrow();
    const device = await RawMqtt.open(open.cloud);
    const host = String(state['assignedHub']);
    expect(
      await device.connect({
        clientId: 'chip',
        username: `${host}/chip/?api-version=2021-04-12`,
        password: hubToken(key, host, 'chip'),
      }),
    ).toBe(0);
    device.close();
  });

  test('may omit its keys in the second request', async () => {
    const open = await withTpm();
    expect(await outcome(open, 'chip', { token: answerTo(await challenge(open)) })).toBe(good);
  });

  test('is the same device after a TPM clear, because only its endorsement key is enrolled', async () => {
    const open = await withTpm();
    const own = new SoftTpm();
    open.cloud.operator.putEnrollment(individual('own', { type: 'tpm', endorsementKey: own.endorsementKey }));
    const before = await challenge(open, own, 'own');
    own.clear();
    expect(() => own.unwrap(before.body?.['authenticationKey'])).toThrow('outer integrity');
    const after = await challenge(open, own, 'own');
    expect(await outcome(open, 'own', { token: answerTo(after, own, 'own'), body: own.body })).toBe(good);
  });

  test('may use the answer to a challenge only once', async () => {
    const open = await withTpm();
    const token = answerTo(await challenge(open));
    expect(await outcome(open, 'chip', { token, body: chip.body })).toBe(good);
    expect(await outcome(open, 'chip', { token, body: chip.body })).toBe('401 401002 dps challenge-answered');
    expect(await outcome(open, 'chip', { token })).toBe('400 400004 dps endorsement-key-valid');
  });

  test('must answer the latest challenge; DPS refuses an answer to an earlier challenge', async () => {
    const open = await withTpm();
    const first = answerTo(await challenge(open));
    const second = answerTo(await challenge(open));
    expect(await outcome(open, 'chip', { token: first, body: chip.body })).toBe('401 401002 dps challenge-answered');
    expect(await outcome(open, 'chip', { token: second, body: chip.body })).toBe(good);
  });

  test('may not use the answer of another device', async () => {
    const open = await withTpm();
    open.cloud.operator.putEnrollment(individual('other', { type: 'tpm', endorsementKey: other.endorsementKey }));
    const key = other.unwrap((await challenge(open, other, 'other')).body?.['authenticationKey']);
    await challenge(open);
    expect(await outcome(open, 'chip', { token: dpsToken(key, 'chip'), body: chip.body })).toBe(
      '401 401002 dps challenge-answered',
    );
    expect(await outcome(open, 'chip', { token: dpsToken(key, 'other'), body: chip.body })).toBe(
      '401 401002 dps token-audience-matches',
    );
  });

  test.each<[string, Shown, string]>([
    ['another endorsement key', { body: other.body }, '400 400004 dps endorsement-key-matches'],
    ['no keys', {}, '400 400004 dps attestation-type-matches'],
    [
      'no storage root key',
      { body: { tpm: { endorsementKey: chip.body.tpm.endorsementKey } } },
      '400 400004 dps endorsement-key-valid',
    ],
    [
      'an empty endorsement key',
      { body: { tpm: { ...chip.body.tpm, endorsementKey: '' } } },
      '400 400004 dps endorsement-key-valid',
    ],
    [
      'a truncated storage root key',
      { body: { tpm: { ...chip.body.tpm, storageRootKey: 'ARoAAQ==' } } },
      '400 400004 dps endorsement-key-valid',
    ],
    [
      'a token before any challenge',
      { token: dpsToken(randomBytes(32), 'chip'), body: chip.body },
      '401 401002 dps challenge-answered',
    ],
    [
      'a token before any challenge and no keys',
      { token: dpsToken(randomBytes(32), 'chip') },
      '400 400004 dps endorsement-key-valid',
    ],
  ])('is refused if it sends %s', async (_name, shown, expected) => {
    expect(await outcome(await withTpm(), 'chip', shown)).toBe(expected);
  });

  test('is refused with an expired or forged answer, and can still answer the challenge', async () => {
    const open = await withTpm();
    const key = chip.unwrap((await challenge(open)).body?.['authenticationKey']);
    expect(await outcome(open, 'chip', { token: dpsToken(key, 'chip', { se: noon / 1000 - 301 }) })).toBe(
      '401 401002 dps token-fresh',
    );
    expect(await outcome(open, 'chip', { token: dpsToken(randomBytes(32), 'chip') })).toBe(
      '401 401002 dps challenge-answered',
    );
    expect(await outcome(open, 'chip', { token: dpsToken(key, 'chip') })).toBe(good);
  });

  test('without an enrollment gets the error 404201', async () => {
    expect(await outcome(await withTpm(), 'ghost', { body: other.body })).toBe('404 404201 dps enrollment-found');
  });

  test.each([
    ['keep', true],
    ['roll', false],
  ] as const)(
    'keeps or changes its hub key in a second registration, as `tpmHubKey` selects: %s',
    async (tpmHubKey, same) => {
      const open = await withTpm({ tpmHubKey });
      const keys: string[] = [];
      for (let again = 0; again < 2; again++) {
        const state = await assigned(open, 'chip', { token: answerTo(await challenge(open)), body: chip.body });
        keys.push(chip.unwrap((state['tpm'] as { authenticationKey: string }).authenticationKey).toString('hex'));
      }
      expect(keys[0] === keys[1]).toBe(same);
    },
  );
});

describe('a poll', () => {
  test('is answered only if it comes from the device that registered', async () => {
    const open = await cloudWith();
    const [mine, theirs] = [symmetricKeys(), symmetricKeys()];
    open.cloud.operator.putEnrollment(individual('mine', mine));
    open.cloud.operator.putEnrollment(individual('theirs', theirs));
    const token = dpsToken(mine.primaryKey, 'mine');
    const operationId = (await register(open.cloud, 'mine', { token })).body?.['operationId'];
    const asked = async (id: string, shown: Shown): Promise<unknown[]> => {
      const answer = await poll(open.cloud, id, operationId, shown);
      return [answer.status, answer.body?.['errorCode'] ?? answer.body?.['status']];
    };
    expect(await asked('mine', { token: dpsToken(mine.secondaryKey, 'mine') })).toEqual([401, 401002]);
    expect(await asked('mine', { token })).toEqual([200, 'assigned']);
    expect(await asked('theirs', { token: dpsToken(theirs.primaryKey, 'theirs') })).toEqual([404, 404202]);
    expect(await asked('mine', { token: dpsToken(theirs.primaryKey, 'mine') })).toEqual([401, 401002]);
    expect(await asked('mine', {})).toEqual([401, 401002]);
    expect(await asked('mine', { token, scope: '0neFFFFFFFF' })).toEqual([404, 404201]);
  });

  test('requires the certificate of the registration', async () => {
    const open = await cloudWith();
    const root = await mint('Root', { ca: {} });
    const [leaf, renewed] = [await mint('dev', { by: root }), await mint('dev', { by: root })];
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
    const operationId = (await register(open.cloud, 'dev', { client: shows(leaf) })).body?.['operationId'];
    expect((await poll(open.cloud, 'dev', operationId, { client: shows(leaf) })).status).toBe(200);
    expect((await poll(open.cloud, 'dev', operationId, { client: shows(renewed) })).status).toBe(401);
    expect((await poll(open.cloud, 'dev', operationId, {})).status).toBe(401);
  });
});

describe('a second registration', () => {
  const keys = symmetricKeys();
  const token = dpsToken(keys.primaryKey, 'dev', { se: noon / 1000 + 10 * 86_400 });

  test('keeps the hub and the creation time, and changes the substatus and the update time', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    const first = await assigned(open, 'dev', { token });
    open.clock.set(noon + 86_400_000);
    const second = await assigned(open, 'dev', { token });
    expect(second).toEqual({
      ...first,
      substatus: 'reprovisionedToInitialAssignment',
      lastUpdatedDateTimeUtc: '2026-01-06T12:00:00.0000000Z',
      etag: second['etag'],
    });
    expect(second['etag']).not.toBe(first['etag']);
    expect(first['substatus']).toBe('initialAssignment');
  });

  test('moves the device to the hub that the enrollment names now, and deletes the device at the former hub', async () => {
    const open = await cloudWith();
    const { operator } = open.cloud;
    operator.putEnrollment(individual('dev', keys, onlyAt(hub)));
    expect(await assigned(open, 'dev', { token })).toMatchObject({ assignedHub: hub, substatus: 'initialAssignment' });
    operator.putEnrollment(individual('dev', keys, onlyAt(otherHub)));
    expect(await assigned(open, 'dev', { token })).toMatchObject({
      assignedHub: otherHub,
      substatus: 'deviceDataMigrated',
    });
    expect(operator.setHubIdentityStatus(hub, 'dev', 'enabled')).toMatchObject({ ok: false });
    expect(operator.setHubIdentityStatus(otherHub, 'dev', 'enabled')).toMatchObject({ ok: true });
  });

  test('does not enable a device that is disabled at its hub', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, { allocationPolicy: 'static', hubs: [hub] }));
    await assigned(open, 'dev', { token });
    open.cloud.operator.setHubIdentityStatus(hub, 'dev', 'disabled');
    await assigned(open, 'dev', { token });
    const device = await RawMqtt.open(open.cloud);
    const connack = await device.connect({
      clientId: 'dev',
      username: `${hub}/dev/?api-version=2021-04-12`,
      password: hubToken(keys.primaryKey, hub, 'dev'),
    });
    device.close();
    expect([connack, open.lastVerdict()]).toEqual([5, 'hub hub-identity-enabled']);
  });

  test('assigns each device to its former hub, even if its group distributes devices over several hubs', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    const ids = Array.from({ length: 12 }, (_, index) => `dev-${index}`);
    const places = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const id of ids)
        found.push((await assigned(open, id, { token: dpsToken(derivedKey(keys.primaryKey, id), id) }))['assignedHub']);
      return found;
    };
    const first = await places();
    expect(new Set(first)).toEqual(new Set(hubs));
    expect(await places()).toEqual(first);
  });

  test('gets no hub if the enrollment names only hubs that are not linked', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys, { hubs: ['gone.azure-devices.net'] }));
    const accepted = await register(open.cloud, 'dev', { token });
    expect([accepted.status, open.lastVerdict()]).toEqual([202, 'dps hub-allocated']);
    const failed = await poll(open.cloud, 'dev', accepted.body?.['operationId'], { token });
    expect(failed.status).toBe(200);
    expect(failed.body).toMatchObject({
      status: 'failed',
      registrationState: { status: 'failed', errorCode: 401001, registrationId: 'dev' },
    });
  });

  test.each([
    [
      'static allocation and two hubs',
      individual('dev', keys, { allocationPolicy: 'static', hubs: [...hubs] }),
      'needs one hub',
    ],
    ['an invalid ID', individual('dev 1', keys), 'not a valid ID'],
  ])('needs a valid enrollment: DPS refuses an enrollment with %s', async (_name, enrollment, sentence) => {
    const open = await cloudWith();
    expect(open.cloud.operator.putEnrollment(enrollment)).toMatchObject({
      failure: { sentence: expect.stringContaining(sentence) as unknown },
    });
    expect(open.cloud.operator.enrollment(enrollment.registrationId)).toBeUndefined();
  });
});

describe('fidelity switches', () => {
  const keys = symmetricKeys();
  const token = dpsToken(keys.primaryKey, 'dev');

  test.each([
    ['error', [401, 401002]],
    ['status', [200, 'disabled', undefined]],
  ] as const)(
    '`disabledEnrollment` selects the answer to a disabled enrollment: %s',
    async (disabledEnrollment, expected) => {
      const open = await cloudWith({ disabledEnrollment });
      open.cloud.operator.putEnrollment(individual('dev', keys, { provisioningStatus: 'disabled' }));
      expect(await end(open, { token })).toEqual(expected);
      expect(open.lastVerdict()).toBe('dps enrollment-enabled');
    },
  );

  test.each([
    ['immediate', [401, 401002]],
    ['operation', [200, 'failed', 401002]],
  ] as const)(
    '`attestationFailure` selects when a failed attestation is reported: %s',
    async (attestationFailure, expected) => {
      const open = await cloudWith({ attestationFailure });
      open.cloud.operator.putEnrollment(individual('dev', keys));
      expect(await end(open, { token: dpsToken(randomBytes(32), 'dev') })).toEqual(expected);
      expect(open.lastVerdict()).toBe('dps token-signature-matches');
    },
  );

  test.each([
    ['404', [404, 404201]],
    ['401', [401, 401002]],
  ] as const)(
    '`wrongIdScopeOverHttps` selects the answer to a wrong ID scope: %s',
    async (wrongIdScopeOverHttps, expected) => {
      const open = await cloudWith({ wrongIdScopeOverHttps });
      const answer = await register(open.cloud, 'dev', { token, scope: '0neFFFFFFFF' });
      expect([answer.status, answer.body?.['errorCode']]).toEqual(expected);
    },
  );

  test.each([
    ['reject', '401 401002 dps ca-valid-now'],
    ['accept', good],
  ] as const)(
    '`expiredGroupCa` selects whether an expired CA of a group is accepted: %s',
    async (expiredGroupCa, expected) => {
      const open = await cloudWith({ expiredGroupCa });
      const root = await mint('Root', { ca: {}, notAfter: noon - 1000 });
      open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
      expect(await outcome(open, 'dev', { client: shows(await mint('dev', { by: root }), root) })).toBe(expected);
    },
  );

  test.each([
    ['insensitive', good],
    ['sensitive', '401 401002 dps common-name-matches'],
  ] as const)(
    '`registrationIdCase` selects whether registration IDs depend on letter case: %s',
    async (registrationIdCase, expected) => {
      const open = await cloudWith({ registrationIdCase });
      const leaf = await mint('Dev');
      open.cloud.operator.putEnrollment(individual('dev', { type: 'x509', primary: leaf.der }));
      expect(await outcome(open, 'dev', { client: shows(leaf) })).toBe(expected);
      expect(await outcome(open, 'Dev', { client: shows(leaf) })).toBe(good);
    },
  );

  test.each([
    ['error', 0],
    ['close', 'closed'],
  ] as const)(
    '`missingIntermediate` selects the answer to a chain with a gap: %s',
    async (missingIntermediate, connack) => {
      const open = await cloudWith({ missingIntermediate });
      const root = await mint('Root', { ca: {} });
      const middle = await mint('Middle', { ca: {}, by: root });
      const leaf = await mint('dev', { by: middle });
      open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
      const fields = { clientId: 'dev', username: `${idScope}/registrations/dev/api-version=2019-03-31` };
      const gap = await RawMqtt.open(open.cloud, shows(leaf));
      expect(await gap.connect(fields)).toBe(connack);
      if (connack === 0) {
        gap.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('1'), '{}'));
        expect((await gap.next()).kind).toBe('suback');
        expect(await gap.next()).toMatchObject({ kind: 'publish', topic: '$dps/registrations/res/401/?$rid=1' });
        expect(await gap.next()).toEqual({ kind: 'closed' });
      }
      expect(open.lastVerdict()).toBe('dps chain-complete');
      const whole = await RawMqtt.open(open.cloud, shows(leaf, middle));
      expect(await whole.connect(fields)).toBe(0);
      whole.close();
    },
  );

  test('with default values make DPS answer a certificate with another common name with CONNACK 5 over MQTT', async () => {
    const open = await cloudWith();
    const device = await RawMqtt.open(open.cloud, shows(await mint('somebody')));
    expect(
      await device.connect({ clientId: 'dev', username: `${idScope}/registrations/dev/api-version=2019-03-31` }),
    ).toBe(5);
    expect(open.lastVerdict()).toBe('dps common-name-matches');
    device.close();
  });
});

async function pki(): Promise<Pki> {
  const root = await mint('Root', { ca: {} });
  const middle = await mint('Middle', { ca: { pathLength: 0 }, by: root });
  return { root, middle, leaf: await mint('dev', { by: middle }), other: await mint('Other CA', { ca: {} }) };
}

async function withGroup(ca: Minted, fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const open = await cloudWith(fidelity);
  expect(open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: ca.der }))).toMatchObject({
    ok: true,
  });
  return open;
}

/** Sends a register request, polls if necessary and returns the result. */
async function end(open: OpenCloud, shown: Shown): Promise<unknown[]> {
  const answer = await register(open.cloud, 'dev', shown);
  if (answer.status !== 202) return [answer.status, answer.body?.['errorCode']];
  const done = await poll(open.cloud, 'dev', answer.body?.['operationId'], shown);
  const state = done.body?.['registrationState'] as Record<string, unknown>;
  return [done.status, done.body?.['status'], state['errorCode']];
}

interface Pki {
  readonly root: Minted;
  readonly middle: Minted;
  readonly leaf: Minted;
  readonly other: Minted;
}
