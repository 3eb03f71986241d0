import { X509Certificate } from 'node:crypto';
import type { CheckId } from '../../core/checks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { firstFailed } from '../../core/decision.ts';
import { systemClock } from '../../core/clock.ts';
import type { GroupAttestation, IndividualAttestation } from '../../core/enrollment.ts';
import { defaultFidelity } from '../../core/fidelity.ts';
import { History } from '../../core/history.ts';
import { Random } from '../../core/random.ts';
import { generateKeyPair, mintCertificate, type Minted } from '../../core/x509/mint.ts';
import { startCloud } from '../../mocks/start-cloud.ts';

export const hub = 'hub-eu.azure-devices.net';

/** The mock in real time, as an outside SDK meets it. */
export interface Lab {
  readonly cloud: Cloud;
  /** PEM of the root that the SDK has to trust. */
  readonly ca: string;
  enroll(registrationId: string, attestation: IndividualAttestation): void;
  enrollGroup(enrollmentGroupId: string, attestation: GroupAttestation): void;
  /** The check that last decided against a client. */
  lastRefusal(): CheckId | undefined;
  /** What a device has been granted at its hub so far. */
  subscriptions(deviceId: string): readonly string[];
  /** What came from a device at its hub so far, as the history has it. */
  heard(deviceId: string): readonly string[];
  close(): Promise<void>;
}

/** @param assignmentMs real milliseconds that an assignment takes; with 0 the first poll, after a second, finds it done. */
export async function openLab(assignmentMs = 0): Promise<Lab> {
  const history = new History(systemClock);
  const cloud = await startCloud({
    clock: systemClock,
    random: new Random('sdk'),
    history,
    idScope: '0ne00000001',
    hubs: [hub],
    fidelity: defaultFidelity,
    retryAfterSeconds: 1,
    assignmentMs,
  });
  const terms = { provisioningStatus: 'enabled', allocationPolicy: 'hashed', hubs: [] } as const;
  const must = (problem: string | undefined): void => {
    if (problem !== undefined) throw new Error(problem);
  };
  return {
    cloud,
    ca: new X509Certificate(cloud.serverRoot).toString(),
    enroll: (registrationId, attestation) =>
      must(cloud.operator.putEnrollment({ ...terms, registrationId, attestation })),
    enrollGroup: (enrollmentGroupId, attestation) =>
      must(cloud.operator.putEnrollmentGroup({ ...terms, enrollmentGroupId, attestation })),
    lastRefusal: () => {
      const decisions = history.events().flatMap((event) => (event.kind === 'decision' ? [event] : []));
      return decisions.flatMap((decision) => firstFailed(decision)?.check ?? []).at(-1);
    },
    subscriptions: (deviceId) =>
      history.events().flatMap((event) => {
        const said = event.kind === 'wire' && event.from === deviceId ? event.message : '';
        return said.startsWith('SUBSCRIBE ') ? said.slice('SUBSCRIBE '.length).split(' ') : [];
      }),
    heard: (deviceId) =>
      history.events().flatMap((event) => (event.kind === 'wire' && event.from === deviceId ? [event.message] : [])),
    close: () => cloud.close(),
  };
}

/** A certificate that is valid now. */
export async function mintNow(commonName: string, issuer?: Minted, ca?: object): Promise<Minted> {
  const now = systemClock.now();
  return mintCertificate({
    subject: { commonName },
    keys: await generateKeyPair('P-256'),
    ...(issuer === undefined ? {} : { issuer: { certificate: issuer.certificate, keys: issuer.keys } }),
    notBefore: now - 60_000,
    notAfter: now + 86_400_000,
    ...(ca === undefined ? {} : { ca }),
  });
}
