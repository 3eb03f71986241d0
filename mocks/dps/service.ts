import { defined } from '../../core/defined.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { CloudSettings } from '../../core/cloud/cloud.ts';
import { type DecisionTrace, firstFailed } from '../../core/history/decision.ts';
import { issuingApiVersions } from '../../core/wire/dps-wire.ts';
import type { DeviceOperation } from '../../core/cloud/faults.ts';
import { problems, type ErrorBody, type Problem } from '../../core/wire/problems.ts';
import { isRegistrationId, registrationKey } from '../../core/wire/registration-id.ts';
import { refusal, type Answer } from './answer.ts';
import { ServiceAccessPolicies } from './service-access-policies.ts';
import { allocate } from './allocation/allocate.ts';
import { assign } from './assign.ts';
import { withoutNull, type Circumstances, type Claim, type Finding } from './claim.ts';
import type { Proof } from './attestation/proof.ts';
import { badToken } from './attestation/bad-token.ts';
import { PendingChallenges } from './attestation/tpm.ts';
import { attest } from './attest.ts';
import type { DeviceCall } from './device-call.ts';
import { CaCertificates } from './ca-certificates.ts';
import { Enrollments, freshETag } from './enrollments.ts';
import { operationByVersion, stateByVersion } from './by-version.ts';
import { Faults } from './faults/faults.ts';
import { isCsrOutOfPlace, issue, noteDevice, provedByIssued } from './issuing/issue.ts';
import { LinkedHubs } from './hubs/linked-hubs.ts';
import { DeviceUpdates, type UpdateError, type UpdateKind } from '../updates/device-updates.ts';
import type { UpdateCheck, UpdateReportBody } from '../updates/read-update-request.ts';
import { meetFault } from './faults/meet-fault.ts';
import {
  operationBody,
  Registrations,
  type Operation,
  type OperationOutcome,
  type UnassignedRecord,
} from './registrations.ts';
import type { DeviceRegistry } from '../registry/device-registry.ts';
import type { EntraDirectory } from '../entra/entra-directory.ts';
import type { ProvisionedHub } from '../shared/provisioned-hub.ts';
import { serviceRecord } from '../shared/service-record.ts';
import { Throttle, type Throttled } from './quotas/throttle.ts';

/**
 * The provisioning service without sockets: it verifies claims, assigns hubs and stores registrations. Listeners translate the
 * requests of their protocol into calls of these methods, and translate the answers back.
 */
export class ProvisioningService {
  readonly enrollments: Enrollments;
  readonly caCertificates: CaCertificates;
  readonly accessPolicies: ServiceAccessPolicies;
  readonly faults: Faults;
  /** The update service, whose answers DPS passes to the devices. */
  readonly updates: DeviceUpdates;
  readonly registrations: Registrations;
  readonly throttle: Throttle;
  readonly #settings: CloudSettings;
  readonly linkedHubs: LinkedHubs;
  readonly #pending = new PendingChallenges();
  readonly registry: DeviceRegistry;

  /** @param entra the directory whose tokens the service API accepts. Default: none. */
  constructor(
    settings: CloudSettings,
    hubs: ReadonlyMap<string, ProvisionedHub>,
    registry: DeviceRegistry,
    entra?: EntraDirectory,
  ) {
    this.#settings = settings;
    const { clock, random, fidelity } = settings;
    this.linkedHubs = new LinkedHubs(settings.hubs, hubs);
    this.throttle = new Throttle(settings);
    const { registrationsPerMinute } = this.throttle.quotas;
    this.registrations = new Registrations(random.fork('operations'), clock, registrationsPerMinute);
    this.faults = new Faults(clock, random.fork('faults'));
    this.updates = new DeviceUpdates(random.fork('updates'), settings.updates);
    this.registry = registry;
    this.enrollments = new Enrollments(clock, random.fork('enrollments'), fidelity);
    this.caCertificates = new CaCertificates({ clock, random: random.fork('ca-certificates'), fidelity });
    this.accessPolicies = new ServiceAccessPolicies(clock, fidelity, entra);
  }

  /** Registers a device. Answers 202 if an assignment begins, and 401 with a wrapped key if a TPM must answer a challenge. */
  async register(claim: Claim): Promise<Answer> {
    const { registrationId } = claim;
    const early = this.#throttled(claim, () => this.throttle.registration(claim));
    if (early !== undefined) return early;
    if (isCsrOutOfPlace(claim, this.#settings.fidelity)) return this.refuse(problems.csrNotTaken);
    const { finding, trace } = this.#judge(claim, 'registration');
    this.#note(claim, finding, trace);
    if (finding.kind !== 'proved') {
      this.#record(trace);
      if (finding.kind === 'challenge') return this.#challenge(finding);
      return finding.kind === 'disabled'
        ? this.#disabled(claim, finding.enrollment)
        : this.#settle(claim, finding.problem);
    }
    if (this.#isUnderWay(registrationId, trace)) return this.#refuseTraced(problems.registrationUnderWay, trace);
    const fault = await this.#fault(registrationId, 'register', trace);
    if (fault !== undefined) {
      this.#record(trace);
      return fault;
    }
    const issuing = await issue(claim, finding.proof, this.registry, this.circumstances(trace));
    if (issuing.kind === 'refused') return this.#refuseTraced(issuing.problem, trace);
    if (issuing.kind === 'none') return this.#assign(claim, finding.proof, trace);
    const chain = issuing.issued.chain.map((der) => der.toString('base64'));
    return this.#assign(claim, provedByIssued(finding.proof), trace, chain);
  }

  /**
   * Returns the answer to a request that exceeds a quota; undefined if the request exceeds no quota. Requests with the
   * ID scope of another tenant do not count.
   */
  #throttled({ idScope }: DeviceCall, ask: () => Throttled | undefined): Answer | undefined {
    const throttled = this.isOurs(idScope) ? ask() : undefined;
    return throttled === undefined ? undefined : { ...this.refuse(problems.tooManyRequests), ...throttled };
  }

  #judge(
    claim: Claim,
    about: string,
    pending = this.#pending,
    clock = this.#settings.clock,
  ): { readonly finding: Finding; readonly trace: DecisionTrace } {
    const trace = this.#settings.history.trace('dps', claim.registrationId, about, claim.credentials.from);
    const finding = this.#firstProblem(claim, trace);
    if (finding !== undefined) return { finding, trace };
    return { finding: attest(claim, this.enrollments, pending, this.circumstances(trace, clock)), trace };
  }

  #firstProblem(claim: Claim, trace: DecisionTrace): Finding | undefined {
    if (!this.#isKnownScope(claim, trace)) return { kind: 'refused', problem: this.scopeProblem() };
    const valid = isRegistrationId(claim.registrationId);
    return trace.check('registration-id-valid', valid, 'up to 128 letters, digits and - . _ :', claim.registrationId)
      ? undefined
      : { kind: 'refused', problem: problems.invalidRegistrationId };
  }

  #isKnownScope({ idScope }: DeviceCall, trace: DecisionTrace): boolean {
    return trace.check('id-scope-known', this.isOurs(idScope), this.#settings.idScope, idScope);
  }

  /**
   * Returns the services and settings that a decision uses in addition to the claim.
   *
   * @param clock replaces the clock of the service, to predict a decision.
   */
  circumstances(trace: DecisionTrace, clock = this.#settings.clock): Circumstances {
    return { ...this.#settings, clock, trace, caCertificates: this.caCertificates, registrations: this.registrations };
  }

  #note({ credentials, body }: Claim, { kind }: Finding, trace: DecisionTrace): void {
    if (this.#settings.isOtherTenant === true) return;
    const endorsementKey = body.tpm === undefined ? undefined : Buffer.from(body.tpm.endorsementKey, 'base64');
    const record = serviceRecord('dps', credentials, trace.decision(), {
      isChallenge: kind === 'challenge',
      ...defined({ endorsementKey }),
    });
    this.#settings.history.record({ kind: 'service-record', ...record });
  }

  #isUnderWay(registrationId: string, trace: DecisionTrace): boolean {
    const { fidelity, clock } = this.#settings;
    if (fidelity.concurrentRegistration === 'accept') return false;
    const found = this.registrations.underWay(registrationId, clock.now());
    return !trace.check('no-registration-under-way', found === undefined, 'none', found?.operationId ?? 'none');
  }

  /** @param issuedChain the issued certificate and its CAs, each in base64 of DER; omitted if DPS issued none. */
  async #assign(claim: Claim, proof: Proof, trace: DecisionTrace, issuedChain?: readonly string[]): Promise<Answer> {
    const { registrationId } = claim;
    const { linkedHubs, registrations, enrollments } = this;
    const places = { ...this.#settings, linkedHubs, registrations, enrollments };
    const allocation = await allocate(claim, proof, trace, places);
    this.#record(trace);
    if (allocation.kind === 'none') return this.#fail(registrationId, allocation.problem, proof);
    const hub = linkedHubs.find(allocation.host);
    if (hub === undefined) return this.refuse(problems.internal);
    const assigned = assign(claim, proof, hub, allocation, places);
    if (!assigned.ok) return this.#fail(registrationId, assigned.failure, proof);
    if (issuedChain === undefined) noteDevice(claim, proof, this.registry);
    return this.#begin(registrationId, {
      kind: 'assigned',
      proof,
      state: { ...assigned.value, ...defined({ issuedCertificateChain: issuedChain }) },
    });
  }

  #begin(registrationId: string, outcome: OperationOutcome): Answer {
    const { clock, assignmentMs } = this.#settings;
    const operation = this.registrations.begin({ registrationId, doneAt: clock.now() + assignmentMs, outcome });
    return {
      status: 202,
      trackingId: this.#settings.random.uuid(),
      retryAfterSeconds: this.#settings.retryAfterSeconds,
      body: { operationId: operation.operationId, status: 'assigning' },
    };
  }

  /** Answers a poll with the state of an operation. Only the device that started the operation gets the state. */
  async operationStatus(call: DeviceCall, operationId: string): Promise<Answer> {
    const { registrationId } = call;
    const trace = this.#settings.history.trace('dps', registrationId, 'operation status', call.credentials.from);
    if (!this.#isKnownScope(call, trace)) return this.#refuseTraced(this.scopeProblem(), trace);
    const early = this.#throttled(call, () => this.throttle.poll(call));
    if (early !== undefined) return early;
    const operation = this.registrations.operation(operationId);
    if (operation === undefined || registrationKey(operation.registrationId) !== registrationKey(registrationId)) {
      return this.refuse(problems.operationNotFound);
    }
    const { outcome } = operation;
    if (outcome.kind === 'assigned' && !outcome.proof.isSameDevice(call))
      return this.refuse(badToken(call, this.#settings.fidelity));
    const fault = await this.#fault(registrationId, 'operation-status', trace);
    if (fault === undefined) return this.#report(operation, call.apiVersion);
    // Does not record successful polls, because there are many of them.
    this.#record(trace);
    return fault;
  }

  #report(operation: Operation, apiVersion: string): Answer {
    const { clock, random, retryAfterSeconds, fidelity } = this.#settings;
    const done = clock.now() >= operation.doneAt;
    if (done) this.registrations.wasRead(operation);
    const body = done ? operationBody.done(operation) : operationBody.running(operation);
    return {
      status: done ? 200 : 202,
      trackingId: random.uuid(),
      ...(done ? {} : { retryAfterSeconds }),
      body: operationByVersion(body, apiVersion, fidelity),
    };
  }

  /** Answers a status lookup: a device asks for its own registration. */
  async status(claim: Claim): Promise<Answer> {
    const { registrationId } = claim;
    const { fidelity } = this.#settings;
    const early = this.#throttled(claim, () => this.throttle.registration(claim));
    if (early !== undefined) return early;
    const knowsCsr = issuingApiVersions.includes(claim.apiVersion);
    if (claim.body.csr !== undefined && (knowsCsr || isCsrOutOfPlace(claim, fidelity)))
      return this.refuse(problems.csrNotTaken);
    const { finding, trace } = this.#judge(claim, 'status lookup');
    const isRefused = finding.kind === 'refused' || finding.kind === 'challenge';
    const fault = isRefused ? undefined : await this.#fault(registrationId, 'status-lookup', trace);
    this.#record(trace);
    if (finding.kind === 'refused') return this.refuse(finding.problem);
    if (finding.kind === 'challenge') return this.#challenge(finding);
    // The service reports the registration of a disabled enrollment unchanged until the device registers again.
    if (finding.kind === 'disabled' && fidelity.disabledEnrollment === 'error')
      return this.refuse(problems.enrollmentDisabled);
    if (fault !== undefined) return fault;
    const record = this.registrations.latest(registrationId);
    if (record === undefined) return this.refuse(problems.notFound);
    const body = stateByVersion(operationBody.deviceState(record, fidelity), claim.apiVersion, fidelity);
    return { status: 200, trackingId: this.#settings.random.uuid(), body };
  }

  /** Answers a device that requests an update, before its registration or after it. */
  async requestUpdates(call: DeviceCall, kind: UpdateKind, check: UpdateCheck): Promise<Answer> {
    const objection = this.#updateObjection(call, check.tpm);
    if (objection !== undefined) return objection;
    if (kind === 'software' && this.registrations.latest(call.registrationId) === undefined)
      return this.refuse(problems.notFound);
    const answered = await this.updates.check(call.registrationId, kind, check);
    return answered.ok ? this.#updateAnswer(answered.value) : this.#updateError(answered.failure);
  }

  /** Accepts the report of a device about the installation of an update. */
  reportUpdate(call: DeviceCall, report: UpdateReportBody): Answer {
    const objection = this.#updateObjection(call, report.tpm);
    if (objection !== undefined) return objection;
    const error = this.updates.report(call.registrationId, report);
    return error === undefined ? this.#updateAnswer({}) : this.#updateError(error);
  }

  /**
   * Attests the device as for a registration. Returns the refusal or the challenge; undefined if the device may request
   * updates.
   */
  #updateObjection(call: DeviceCall, tpm: UpdateCheck['tpm']): Answer | undefined {
    const keys = tpm === undefined || tpm === null ? undefined : withoutNull(tpm);
    const claim = { ...call, body: { ...defined({ tpm: keys }) } };
    const early = this.#throttled(call, () => this.throttle.registration(call));
    if (early !== undefined) return early;
    const { finding, trace } = this.#judge(claim, 'update request');
    this.#record(trace);
    if (finding.kind === 'challenge') return this.#challenge(finding);
    if (finding.kind === 'refused') return this.refuse(finding.problem);
    return finding.kind === 'disabled' ? this.refuse(problems.enrollmentDisabled) : undefined;
  }

  #updateAnswer(body: object): Answer {
    return { status: 200, trackingId: this.#settings.random.uuid(), body };
  }

  #updateError({ status, code, target }: UpdateError): Answer {
    const refused = this.refuse({ status, errorCode: status * 1000, message: `The update service answered ${code}.` });
    const info = { aduErrorCode: code, aduErrorTarget: target };
    return { ...refused, body: { ...(refused.body as ErrorBody), info }, textCode: code };
  }

  /**
   * Makes a decision that is independent of a device request, and records it in the history.
   *
   * @param judge function that performs the checks.
   */
  decide<Outcome>(subject: string, about: string, judge: (trace: DecisionTrace) => Outcome): Outcome {
    const trace = this.#settings.history.trace('dps', subject, about);
    const outcome = judge(trace);
    this.#record(trace);
    return outcome;
  }

  get idScope(): string {
    return this.#settings.idScope;
  }

  /**
   * Returns true if the service closes the connection without an answer because an intermediate certificate is missing. The
   * switch `missingIntermediate` decides this. Records the decision.
   */
  cutsOff(call: DeviceCall): boolean {
    if (this.#settings.fidelity.missingIntermediate !== 'close') return false;
    const { trace } = this.#judge({ ...call, body: {} }, 'MQTT connect');
    if (firstFailed(trace.decision())?.check !== 'chain-complete') return false;
    this.#record(trace);
    return true;
  }

  /**
   * Returns true if MQTT accepts a CONNECT with an unknown API version and reports the error in a later answer. The switch
   * `unknownApiVersionOverMqtt` decides this.
   */
  answersUnknownVersions(): boolean {
    return this.#settings.fidelity.unknownApiVersionOverMqtt === 'answer';
  }

  /**
   * Checks a claim before any request, for listeners that refuse a client on connect. Returns the problem, or undefined if there is
   * none. Starts no operation and uses up no challenge. Records the decision only if there is a problem.
   */
  objection(claim: Claim, about: string): Problem | undefined {
    const { finding, trace } = this.#judge(claim, about, this.#pending.copy());
    const isDisabled = finding.kind === 'disabled' && this.#settings.fidelity.disabledEnrollment === 'error';
    if (finding.kind !== 'refused' && !isDisabled) return undefined;
    this.#record(trace);
    return finding.kind === 'refused' ? finding.problem : problems.enrollmentDisabled;
  }

  isOurs(idScope: string): boolean {
    return idScope.toLowerCase() === this.#settings.idScope.toLowerCase();
  }

  /** Returns the problem for a request with an unknown ID scope over HTTPS. */
  scopeProblem(): Problem {
    return this.#settings.fidelity.wrongIdScopeOverHttps === '404' ? problems.idScopeNotFound : problems.idScopeUnknown;
  }

  /** Returns a new tracking ID, by which users find an answer in the logs. */
  trackingId(): string {
    return this.#settings.random.uuid();
  }

  refuse(problem: Problem): Answer {
    return refusal(problem, this.#settings.random, this.#settings.clock);
  }

  /**
   * Decides about a claim as `register` would, but records nothing and uses up no challenge.
   *
   * @param clock replaces the clock of the service, to predict a decision.
   */
  judge(claim: Claim, clock?: Clock): { readonly finding: Finding; readonly trace: DecisionTrace } {
    return this.#judge(claim, 'registration', this.#pending.copy(), clock);
  }

  #fault(registrationId: string, operation: DeviceOperation, trace: DecisionTrace): Promise<Answer | undefined> {
    return meetFault(this.faults, { registrationId, operation }, trace, this.#settings);
  }

  #challenge({ authenticationKey }: Finding & { kind: 'challenge' }): Answer {
    return {
      status: 401,
      trackingId: this.#settings.random.uuid(),
      body: {
        message: 'Authorization required, resend request using supplied key',
        authenticationKey: authenticationKey.toString('base64'),
        unencryptedAuthenticationKey: null,
        keyName: 'registration',
      },
    };
  }

  /**
   * Answers a failed attestation: with an error, or with an operation that fails. The switch `attestationFailure` decides this.
   */
  #settle({ registrationId }: Claim, problem: Problem): Answer {
    return problem.status === 401 && this.#settings.fidelity.attestationFailure === 'operation'
      ? this.#fail(registrationId, problem)
      : this.refuse(problem);
  }

  /** Answers a device whose enrollment is disabled. The switch `disabledEnrollment` decides the form of the answer. */
  #disabled({ registrationId, apiVersion }: Claim, enrollment: Proof['enrollment']): Answer {
    const { fidelity, random } = this.#settings;
    if (fidelity.disabledEnrollment === 'error') return this.refuse(problems.enrollmentDisabled);
    const record = this.#keepUnassigned(registrationId, { status: 'disabled' }, enrollment);
    if (fidelity.disabledEnrollment === 'status') return this.#begin(registrationId, { kind: 'unassigned', record });
    const body = operationByVersion(operationBody.disabled(record), apiVersion, fidelity);
    return { status: 200, trackingId: random.uuid(), body };
  }

  /** Starts an operation that fails. From then on the service reports the registration as failed. */
  #fail(registrationId: string, problem: Problem, proof?: Proof): Answer {
    const record = this.#keepUnassigned(registrationId, { status: 'failed', problem }, proof?.enrollment);
    return this.#begin(registrationId, { kind: 'unassigned', record });
  }

  #keepUnassigned(
    registrationId: string,
    end: Pick<UnassignedRecord, 'status' | 'problem'>,
    enrollment: Proof['enrollment'] | undefined,
  ): UnassignedRecord {
    const { clock, random } = this.#settings;
    const now = clock.now();
    const former = this.registrations.latest(registrationId);
    const record = {
      registrationId,
      ...end,
      createdAt: former?.createdAt ?? now,
      updatedAt: now,
      etag: freshETag(random),
      ...(enrollment !== undefined && 'enrollmentGroupId' in enrollment
        ? { enrollmentGroupId: enrollment.enrollmentGroupId }
        : {}),
    };
    this.registrations.putUnassigned(record);
    return record;
  }

  #refuseTraced(problem: Problem, trace: DecisionTrace): Answer {
    this.#record(trace);
    return this.refuse(problem);
  }

  #record(trace: DecisionTrace): void {
    this.#settings.history.record({ kind: 'decision', ...trace.decision() });
  }
}
