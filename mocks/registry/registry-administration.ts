import type {
  CaIssuer,
  CaName,
  PolicyName,
  RegistryCa,
  RegistryDevice,
  RegistryFailure,
  RegistryOperator,
  RegistryPolicy,
} from '../../core/cloud/registry-operator.ts';
import { defined } from '../../core/defined.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { done, failedWith, succeeded, type Result } from '../../core/result.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';
import { namespaceNameRule, registryNameRule } from '../../core/wire/registry-names.ts';
import { requestedIn } from '../../core/x509/signing-request.ts';
import { namesOfPolicy } from './authorities.ts';
import { externalStatusOf, type CaRecord, type PendingCa, type PolicyRecord } from './ca-record.ts';
import type { DeviceRegistry } from './device-registry.ts';
import { requestExternalCa, requestPem } from './external-request.ts';
import { judgeExternalCa } from './judge-external-ca.ts';

interface Surroundings {
  readonly registry: DeviceRegistry;
  readonly clock: Clock;
  /** Makes a decision and records it in the history. */
  decide<Outcome>(subject: string, about: string, judge: (trace: DecisionTrace) => Outcome): Outcome;
  /** Enables or disables the identities of a device at all hubs. */
  setIdentities(deviceId: string, status: 'enabled' | 'disabled'): void;
}

type Outcome<T = undefined> = Result<T, RegistryFailure>;

/** The operations of the device registry for the operator, the management API and the steps of scenarios. */
export class RegistryAdministration implements RegistryOperator {
  readonly #around: Surroundings;
  readonly #registry: DeviceRegistry;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#registry = around.registry;
  }

  async certificateAuthorities(namespace?: string): Promise<readonly RegistryCa[]> {
    const found = this.#registry.authorities
      .list()
      .filter((ca) => namespace === undefined || ca.namespace === namespace);
    return Promise.all(found.map((ca) => this.#shown(ca)));
  }

  policies(ca?: CaName): readonly RegistryPolicy[] {
    return this.#registry.authorities
      .policies()
      .filter(
        ({ namespace, certificateAuthority }) =>
          ca === undefined || (namespace === ca.namespace && certificateAuthority === ca.certificateAuthority),
      )
      .map(shownPolicy);
  }

  devices(): readonly RegistryDevice[] {
    return [...this.#registry.devices()].map(([deviceId, { identifier, isDisabled }]) => {
      const policy = this.#registry.policyOf(deviceId);
      const names = policy === undefined ? undefined : namesOfPolicy(policy);
      return { deviceId, identifier, isDisabled: isDisabled === true, ...defined({ policy: names }) };
    });
  }

  async createRoot(name: CaName): Promise<Outcome<RegistryCa>> {
    const problem = nameProblem(name) ?? this.#existing(name);
    if (problem !== undefined) return failedWith(problem);
    const { authorities } = this.#registry;
    const former = authorities.rootOf(name.namespace);
    if (former !== undefined)
      return refused(
        'ca-exists',
        409,
        `namespace ${name.namespace} already has the root ${former.name}; delete it first`,
      );
    return succeeded(await this.#shown(authorities.put({ ...this.#newCa(name), type: 'Root' })));
  }

  async createIssuingCa(name: CaName, issuer: CaIssuer): Promise<Outcome<RegistryCa>> {
    const former = this.#registry.authorities.find(name);
    if (former?.issuer === 'External' && issuer === 'External') return this.#renewExternal(former);
    const problem = nameProblem(name) ?? this.#existing(name) ?? this.#limitProblem(name);
    if (problem !== undefined) return failedWith(problem);
    const { authorities } = this.#registry;
    if (issuer === 'Microsoft' && authorities.rootOf(name.namespace) === undefined)
      return refused('root-missing', 400, `namespace ${name.namespace} has no root; create a CA of type Root first`);
    const record: CaRecord = { ...this.#newCa(name), type: 'ICA', issuer };
    if (issuer === 'Microsoft') return succeeded(await this.#shown(authorities.put(record)));
    const pending = await this.#pendingFor(record);
    return succeeded(await this.#shown(authorities.put({ ...record, pending })));
  }

  async activate(name: CaName, chain: string): Promise<Outcome<RegistryCa>> {
    const ca = this.#registry.authorities.find(name);
    if (ca === undefined) return noCa(name);
    if (ca.issuer !== 'External')
      return refused(
        'ca-type-wrong',
        400,
        `${ca.name} is not an external issuing CA; name a CA whose issuer is External`,
      );
    const { pending } = ca;
    if (pending === undefined)
      return refused(
        'ca-type-wrong',
        400,
        `${ca.name} is not waiting for a certificate; create it again to get a new signing request`,
      );
    const now = this.#around.clock.now();
    const judged = this.#around.decide(`CA ${ca.name}`, 'activation', (trace) => {
      const certificates = judgeExternalCa(chain, requestedIn(pending.csr), now, trace);
      const failedCheck = trace.decision().checks.find(({ passed }) => !passed);
      return { certificates, failedCheck };
    });
    if (judged.certificates === undefined) {
      const { failedCheck } = judged;
      const reason =
        failedCheck === undefined
          ? 'the certificate does not have the key of the signing request'
          : `${failedCheck.check}: expected ${failedCheck.expected}, found ${failedCheck.found}`;
      return refused('certificate-rejected', 400, reason);
    }
    const { pending: _pending, ...rest } = ca;
    const active = {
      chain: judged.certificates.map(({ der }) => der.toString('base64')),
      privateKeyPem: pending.privateKeyPem,
    };
    return succeeded(await this.#shown(this.#registry.authorities.put({ ...rest, active })));
  }

  async revokeAndRotate(name: CaName): Promise<Outcome<RegistryCa>> {
    const { authorities, certificates, fidelity } = this.#registry;
    const ca = authorities.find(name);
    if (ca === undefined) return noCa(name);
    if (ca.type === 'Root')
      return refused('ca-type-wrong', 400, `${ca.name} is a root, which cannot be rotated; name an issuing CA`);
    const former = certificates.present(ca)?.certificate.der.toString('base64');
    const voided = [...(ca.voided ?? []), ...(former === undefined ? [] : [former])];
    if (ca.issuer === 'Microsoft') {
      const rotated = authorities.put({ ...ca, generation: ca.generation + 1, voided });
      await this.synchronize(ca.namespace);
      return succeeded(await this.#shown(rotated));
    }
    if (fidelity.externalCaRevocation === 'refuse')
      return refused('ca-type-wrong', 400, `${ca.name} is an external CA, which cannot be revoked`);
    const { active: _active, ...rest } = ca;
    const next = { ...rest, voided, generation: ca.generation + 1 };
    return succeeded(await this.#shown(authorities.put({ ...next, pending: await this.#pendingFor(next) })));
  }

  deleteCertificateAuthority(name: CaName): Outcome {
    const { authorities } = this.#registry;
    const ca = authorities.find(name);
    if (ca === undefined) return noCa(name);
    if (this.policies(name).length > 0)
      return refused('ca-in-use', 409, `${ca.name} has a certificate policy; delete the policy first`);
    const below = authorities.list().find((each) => each.issuer === 'Microsoft' && each.namespace === ca.namespace);
    if (ca.type === 'Root' && below !== undefined)
      return refused('ca-in-use', 409, `${ca.name} is the root of ${below.name}; delete that CA first`);
    this.#delete(ca);
    return done;
  }

  putPolicy(name: PolicyName, validityDays: number): Outcome<RegistryPolicy> {
    const { authorities, fidelity } = this.#registry;
    const problem = nameProblem(name) ?? policyNameProblem(name);
    if (problem !== undefined) return failedWith(problem);
    const ca = authorities.find(name);
    if (ca === undefined) return noCa(name);
    if (ca.type === 'Root') return refused('ca-type-wrong', 400, `${ca.name} is a root; a policy needs an issuing CA`);
    const least = fidelity.shortestCertificatePolicy === 'P7D' ? 7 : 1;
    if (!Number.isInteger(validityDays) || validityDays < least || validityDays > 90)
      return refused(
        'validity-invalid',
        400,
        `invalid validity of ${validityDays} days; expected a whole number from ${least} to 90`,
      );
    const [former] = this.policies(name);
    if (former !== undefined && former.policy !== name.policy)
      return refused(
        'policy-exists',
        409,
        `CA ${ca.name} already has the policy ${former.policy}; a CA can have only one, so delete that policy first`,
      );
    const { namespace, certificateAuthority, policy } = name;
    const uuid = former?.uuid ?? authorities.newUuid();
    const record: PolicyRecord = { namespace, certificateAuthority, name: policy, uuid, validityDays };
    return succeeded(shownPolicy(authorities.putPolicy(record)));
  }

  deletePolicy(name: PolicyName): Outcome {
    const { authorities } = this.#registry;
    const found = authorities.findPolicy(name);
    if (found === undefined)
      return refused(
        'policy-not-found',
        404,
        `CA ${name.certificateAuthority} of namespace ${name.namespace} has no policy ${name.policy}`,
      );
    authorities.deletePolicy(found);
    return done;
  }

  deleteCredential(namespace: string): Outcome {
    const { authorities } = this.#registry;
    const root = authorities.rootOf(namespace);
    if (root === undefined) return refused('ca-not-found', 404, `namespace ${namespace} has no root`);
    const [left] = this.policies().filter((policy) => policy.namespace === namespace);
    if (left !== undefined)
      return refused(
        'ca-in-use',
        409,
        `namespace ${namespace} has the policy ${left.policy}; delete its policies first`,
      );
    for (const ca of authorities.list().filter((each) => each.namespace === namespace)) this.#delete(ca);
    return done;
  }

  async synchronize(namespace: string): Promise<Outcome<Millis>> {
    const { authorities, certificates, sync, hubs, syncMs } = this.#registry;
    const from = this.#around.clock.now() + syncMs;
    const cas = authorities.list().filter((ca) => ca.namespace === namespace);
    if (cas.length === 0) return refused('ca-not-found', 404, `namespace ${namespace} has no certificate authority`);
    for (const ca of cas) {
      const present = ca.type === 'Root' ? undefined : (await certificates.obtain(ca))?.certificate.der;
      for (const hub of hubs) {
        for (const der of ca.voided ?? []) sync.withdraw(hub, Buffer.from(der, 'base64'), from, 'revoked');
        if (present !== undefined && certificates.trustOf(hub, present, from) !== 'synced')
          sync.push(hub, present, from);
      }
    }
    return succeeded(from);
  }

  setDeviceEnabled(deviceId: string, isEnabled: boolean): Outcome {
    if (!this.#registry.setEnabled(deviceId, isEnabled))
      return refused('device-not-registered', 404, `the device registry has no device ${deviceId}`);
    this.#around.setIdentities(deviceId, isEnabled ? 'enabled' : 'disabled');
    return done;
  }

  /**
   * Makes a signing request for the next certificate of an active external CA. A request that is already pending stays
   * valid.
   */
  async #renewExternal(ca: CaRecord): Promise<Outcome<RegistryCa>> {
    const pending = ca.pending ?? (await this.#pendingFor(ca));
    return succeeded(await this.#shown(this.#registry.authorities.put({ ...ca, pending })));
  }

  #pendingFor({ name, uuid }: CaRecord): Promise<PendingCa> {
    return requestExternalCa(`${name.slice(0, 50)} ${uuid.slice(0, 8)}`);
  }

  /** Deletes a CA. Hubs continue to trust its certificate until their operator deletes the certificate at the hub. */
  #delete(ca: CaRecord): void {
    const { certificates, sync, hubs } = this.#registry;
    const now = this.#around.clock.now();
    const der = ca.type === 'Root' ? undefined : certificates.present(ca)?.certificate.der;
    for (const hub of der === undefined ? [] : hubs)
      if (der !== undefined && certificates.trustOf(hub, der, now) === 'synced') sync.push(hub, der, now);
    this.#registry.authorities.delete(ca);
  }

  #newCa({ namespace, certificateAuthority }: CaName) {
    return { namespace, name: certificateAuthority, uuid: this.#registry.authorities.newUuid(), generation: 1 };
  }

  #existing(name: CaName): RegistryFailure | undefined {
    if (this.#registry.authorities.find(name) === undefined) return undefined;
    return failure('ca-exists', 409, `namespace ${name.namespace} already has a CA ${name.certificateAuthority}`);
  }

  #limitProblem({ namespace }: CaName): RegistryFailure | undefined {
    const { authorities, fidelity } = this.#registry;
    const issuing = authorities.list().filter((ca) => ca.namespace === namespace && ca.type === 'ICA');
    if (issuing.length < issuingCaLimit) return undefined;
    const names = issuing.map(({ name }) => name).join(', ');
    const status = fidelity.issuingCaLimit === '400' ? 400 : 409;
    return failure(
      'ca-limit',
      status,
      `namespace ${namespace} has ${issuing.length} issuing CAs (${names}); at most 3 are possible, so delete one first`,
    );
  }

  async #shown(ca: CaRecord): Promise<RegistryCa> {
    const { certificates, hubs } = this.#registry;
    const certificate = (await certificates.obtain(ca))?.certificate;
    const now = this.#around.clock.now();
    const { namespace, name, uuid, type, issuer, pending } = ca;
    return {
      namespace,
      certificateAuthority: name,
      uuid,
      type,
      ...defined({
        issuer,
        status: externalStatusOf(ca),
        certificateSigningRequest: pending && requestPem(pending),
        certificate,
      }),
      sync:
        type === 'Root' || certificate === undefined
          ? []
          : hubs.map((hub) => ({ hub, state: certificates.trustOf(hub, certificate.der, now) ?? 'none' })),
    };
  }
}

function shownPolicy(policy: PolicyRecord): RegistryPolicy {
  return { ...namesOfPolicy(policy), uuid: policy.uuid, validityDays: policy.validityDays };
}

function nameProblem({ namespace, certificateAuthority }: CaName): RegistryFailure | undefined {
  const broken = fits(namespace, namespaceNameRule)
    ? fits(certificateAuthority, registryNameRule)
      ? undefined
      : `certificate authority "${certificateAuthority}"; expected 3 to 63 letters, digits and hyphens, not a hyphen first`
    : `namespace "${namespace}"; expected 3 to 64 lower-case letters, digits and hyphens, without a hyphen at either end`;
  return broken === undefined ? undefined : failure('name-invalid', 400, `invalid name of a ${broken}`);
}

function policyNameProblem({ policy }: PolicyName): RegistryFailure | undefined {
  return fits(policy, registryNameRule)
    ? undefined
    : failure(
        'name-invalid',
        400,
        `invalid name of a policy "${policy}"; expected 3 to 63 letters, digits and hyphens`,
      );
}

function fits(name: string, { min, max, pattern }: typeof registryNameRule): boolean {
  return name.length >= min && name.length <= max && pattern.test(name);
}

function noCa({ namespace, certificateAuthority }: CaName): Result<never, RegistryFailure> {
  return refused('ca-not-found', 404, `namespace ${namespace} has no certificate authority ${certificateAuthority}`);
}

function refused(
  code: RegistryFailure['code'],
  status: RegistryFailure['status'],
  sentence: string,
): Result<never, RegistryFailure> {
  return failedWith(failure(code, status, sentence));
}

function failure(code: RegistryFailure['code'], status: RegistryFailure['status'], sentence: string): RegistryFailure {
  return { code, status, sentence };
}

/** Azure documents a limit of three issuing CAs in a namespace. */
const issuingCaLimit = 3;
