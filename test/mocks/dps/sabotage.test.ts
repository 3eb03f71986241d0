import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { CheckId } from '../../../core/checks.ts';
import { History } from '../../../core/history/history.ts';
import { dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { mint, shows } from '../clients/certificates.ts';
import { poll, register, type Shown } from '../clients/device-wire.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

/** Opens a cloud with a disabled check, and returns it with its history. */
async function cloudWithout(sabotage: CheckId): Promise<{ readonly open: OpenCloud; readonly history: History }> {
  const history = new History({ now: () => noon, sleep: () => Promise.resolve() }, { sabotage });
  const open = await openCloud({ history, assignmentMs: 0 });
  opened.push(open);
  return { open, history };
}

/** Registers and polls. Returns the final status and the checks that were disabled or failed. */
async function ends(check: CheckId, enrol: (open: OpenCloud) => void, id: string, shown: Shown): Promise<string> {
  const { open, history } = await cloudWithout(check);
  enrol(open);
  const answer = await register(open.cloud, id, shown);
  const operation = answer.body?.['operationId'];
  const end = operation === undefined ? answer : await poll(open.cloud, id, operation, shown);
  const told = history
    .events()
    .filter((event) => event.kind === 'decision')
    .flatMap(({ checks }) => checks)
    .flatMap(({ check: each, passed, sabotaged }) => (sabotaged ? [`${each}?`] : passed ? [] : [`${each}!`]));
  const status = end.body?.['status'];
  return [end.status, ...(typeof status === 'string' ? [status] : []), ...new Set(told)].join(' ');
}

const keys = symmetricKeys();
const enrolKey = ({ cloud }: OpenCloud): void => void cloud.operator.putEnrollment(individual('dev', keys));
const good = dpsToken(keys.primaryKey, 'dev');
const forged = dpsToken(randomBytes(64), 'dev');

describe('DPS handles a request while a check is disabled', () => {
  test.each<[CheckId, Shown, string]>([
    ['token-signature-matches', { token: forged }, '200 assigned token-signature-matches?'],
    [
      'token-fresh',
      { token: dpsToken(keys.primaryKey, 'dev', { se: noon / 1000 - 9999 }) },
      '200 assigned token-fresh?',
    ],
    ['token-audience-matches', { token: dpsToken(keys.primaryKey, 'other') }, '200 assigned token-audience-matches?'],
    [
      'id-scope-known',
      { scope: '0ne00000FFF', token: dpsToken(keys.primaryKey, 'dev', { scope: '0ne00000FFF' }) },
      '200 assigned id-scope-known?',
    ],
    // Even if a check of the input is disabled, the service cannot continue with input that it cannot read.
    ['attestation-type-matches', {}, '401 attestation-type-matches? token-well-formed!'],
    ['token-well-formed', { token: 'nothing like a token' }, '401 token-well-formed?'],
    ['enrollment-enabled', { token: forged }, '401 token-signature-matches!'],
  ])('the disabled check is `%s`', async (check, shown, outcome) => {
    expect(await ends(check, enrolKey, 'dev', shown)).toBe(outcome);
  });

  test('`enrollment-found`: DPS still assigns no hub to a device without an enrollment', async () => {
    expect(await ends('enrollment-found', () => {}, 'dev', { token: good })).toBe('401 enrollment-found?');
  });

  test('`enrollment-enabled`: DPS assigns a device with a disabled enrollment', async () => {
    const enrol = ({ cloud }: OpenCloud): void =>
      void cloud.operator.putEnrollment(individual('dev', keys, { provisioningStatus: 'disabled' }));
    expect(await ends('enrollment-enabled', enrol, 'dev', { token: good })).toBe('200 assigned enrollment-enabled?');
  });

  test('`hub-link-healthy`: DPS assigns a device to an unreachable hub', async () => {
    const enrol = (open: OpenCloud): void => {
      enrolKey(open);
      for (const host of hubs) open.cloud.operator.setHubLink(host, 'unreachable');
    };
    expect(await ends('hub-link-healthy', enrol, 'dev', { token: good })).toBe('200 assigned hub-link-healthy?');
  });

  test('`chain-trusted`: DPS accepts a device with a fabricated CA into the group', async () => {
    const [real, madeUp] = await Promise.all([mint('CA', { ca: {} }), mint('Unknown CA', { ca: {} })]);
    const leaf = await mint('dev', { by: madeUp });
    const enrol = ({ cloud }: OpenCloud): void =>
      void cloud.operator.putEnrollmentGroup(group('group', { type: 'x509', primary: real.der }));
    expect(await ends('chain-trusted', enrol, 'dev', { client: shows(leaf, madeUp) })).toBe(
      '200 assigned chain-trusted?',
    );
    expect(await ends('chain-complete', enrol, 'dev', { client: shows(leaf) })).toBe(
      '401 chain-complete? chain-trusted!',
    );
  });

  test('`challenge-answered`: DPS accepts a client that knows only the public keys of a TPM as that TPM', async () => {
    const tpm = new SoftTpm();
    const enrol = ({ cloud }: OpenCloud): void =>
      void cloud.operator.putEnrollment(individual('dev', { type: 'tpm', endorsementKey: tpm.endorsementKey }));
    const shown = { token: forged, body: tpm.body };
    expect(await ends('challenge-answered', enrol, 'dev', shown)).toBe('200 assigned challenge-answered?');
    expect(await ends('token-fresh', enrol, 'dev', shown)).toBe('401 challenge-answered!');
  });

  test('`endorsement-key-matches`: DPS accepts another TPM', async () => {
    const [enrolled, other] = [new SoftTpm(), new SoftTpm()];
    const { open } = await cloudWithout('endorsement-key-matches');
    open.cloud.operator.putEnrollment(individual('dev', { type: 'tpm', endorsementKey: enrolled.endorsementKey }));
    const { body } = other;
    const challenge = await register(open.cloud, 'dev', { body });
    expect(challenge.status).toBe(401);
    const nonce = other.unwrap(challenge.body?.['authenticationKey']);
    const answer = await register(open.cloud, 'dev', { body, token: dpsToken(nonce, 'dev') });
    expect(answer.status).toBe(202);
  });
});

test('DPS still serves other devices after a TPM sends an unreadable key, even if `challenge-answered` is disabled', async () => {
  const { open } = await cloudWithout('challenge-answered');
  const tpm = new SoftTpm();
  open.cloud.operator.putEnrollment(individual('dev', { type: 'tpm', endorsementKey: tpm.endorsementKey }));
  const body = { tpm: { ...tpm.body.tpm, storageRootKey: Buffer.from('garbage').toString('base64') } };
  const shown = { token: dpsToken(randomBytes(32), 'dev'), body };
  const accepted = await register(open.cloud, 'dev', shown);
  expect([202, 500]).toContain(accepted.status);
  open.cloud.operator.putEnrollment(individual('other', keys));
  const other = await register(open.cloud, 'other', { token: dpsToken(keys.primaryKey, 'other') });
  expect(other.status).toBe(202);
});
