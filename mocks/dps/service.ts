import type { CloudSettings } from '../../core/cloud.ts';
import { DecisionTrace, firstFailed } from '../../core/decision.ts';
import { problems, type Problem } from '../../core/problems.ts';
import { isRegistrationId, registrationKey } from '../../core/registration-id.ts';
import type { Hub } from '../hub/hub.ts';
import { refusal, type Answer } from './answer.ts';
import { allocate } from './allocate.ts';
import { assign } from './assign.ts';
import type { Claim, Finding, Proof } from './attestation/attestation.ts';
import { PendingChallenges } from './attestation/tpm.ts';
import { attest } from './attest.ts';
import type { DeviceCall } from './device-call.ts';
import { Enrollments } from './enrollments.ts';
import { LinkedHubs } from './linked-hubs.ts';
import { operationBody } from './operation-body.ts';
import { Registrations, type Operation, type OperationOutcome } from './registrations.ts';

/**
 * The provisioning service without its doors: it judges claims, assigns hubs and remembers. Doors translate what comes
 * over a wire into these calls and the answers back.
 */
export class ProvisioningService {
  readonly enrollments: Enrollments;
  readonly registrations: Registrations;
  readonly #settings: CloudSettings;
  readonly linkedHubs: LinkedHubs;
  readonly #pending = new PendingChallenges();

  constructor(settings: CloudSettings, hubs: ReadonlyMap<string, Hub>) {
    this.#settings = settings;
    this.linkedHubs = new LinkedHubs(settings.hubs, hubs);
    this.enrollments = new Enrollments(settings.clock, settings.random.fork('enrollments'));
    this.registrations = new Registrations(settings.random.fork('operations'));
  }

  /** Device registration. 202 where an assignment is on its way, 401 with a key where a TPM is challenged. */
  async register(claim: Claim): Promise<Answer> {
    const { registrationId } = claim;
    const { finding, trace } = this.#judge(claim, 'registration');
    if (finding.kind !== 'proved') {
      this.#record(trace);
      return finding.kind === 'challenge' ? this.#challenge(finding) : this.#settle(registrationId, finding.problem);
    }
    return this.#assign(claim, finding.proof, trace);
  }

  async #assign(claim: Claim, proof: Proof, trace: DecisionTrace): Promise<Answer> {
    const { registrationId } = claim;
    const { linkedHubs, registrations, enrollments } = this;
    const places = { ...this.#settings, linkedHubs, registrations, enrollments };
    const allocation = await allocate(claim, proof, trace, places);
    this.#record(trace);
    if (allocation.kind === 'none') return this.#begin(registrationId, { kind: 'failed', problem: allocation.problem });
    const hub = linkedHubs.find(allocation.host);
    if (hub === undefined) return this.refuse(problems.internal);
    const assigned = assign(claim, proof, hub, allocation, places);
    return 'problem' in assigned
      ? this.#begin(registrationId, { kind: 'failed', problem: assigned.problem })
      : this.#begin(registrationId, { kind: 'assigned', proof, state: assigned.state });
  }

  /** What became of an operation; only for the device that began it. */
  operationStatus({ idScope, registrationId, credentials }: DeviceCall, operationId: string): Answer {
    if (!this.isOurs(idScope)) return this.refuse(this.scopeProblem());
    const operation = this.registrations.operation(operationId);
    if (operation === undefined || registrationKey(operation.registrationId) !== registrationKey(registrationId)) {
      return this.refuse(problems.operationNotFound);
    }
    const { outcome } = operation;
    if (outcome.kind === 'assigned' && !outcome.proof.isSameDevice(credentials))
      return this.refuse(problems.unauthorized);
    return this.#tell(operation);
  }

  /** What the service knows about a registration, to the device itself. */
  status(claim: Claim): Answer {
    const { finding, trace } = this.#judge(claim, 'status lookup');
    this.#record(trace);
    if (finding.kind === 'refused') return this.refuse(finding.problem);
    if (finding.kind === 'challenge') return this.#challenge(finding);
    const record = this.registrations.find(claim.registrationId);
    if (record === undefined) return this.refuse(problems.notFound);
    return { status: 200, trackingId: this.#settings.random.uuid(), body: operationBody.state(record) };
  }

  get idScope(): string {
    return this.#settings.idScope;
  }

  /** Whether a device whose chain has a gap is cut off without a word, as the switch says. Leaves its decision if so. */
  cutsOff(call: DeviceCall): boolean {
    if (this.#settings.fidelity.missingIntermediate !== 'close') return false;
    const { trace } = this.#judge({ ...call, body: {} }, 'MQTT connect');
    if (firstFailed(trace.decision())?.check !== 'chain-complete') return false;
    this.#record(trace);
    return true;
  }

  isOurs(idScope: string): boolean {
    return idScope.toLowerCase() === this.#settings.idScope.toLowerCase();
  }

  /** How an ID scope that is not ours is answered over HTTPS. */
  scopeProblem(): Problem {
    return this.#settings.fidelity.wrongIdScopeOverHttps === '404' ? problems.idScopeNotFound : problems.idScopeUnknown;
  }

  refuse(problem: Problem): Answer {
    return refusal(problem, this.#settings.random, this.#settings.clock);
  }

  #judge(claim: Claim, about: string): { readonly finding: Finding; readonly trace: DecisionTrace } {
    const { clock, random, fidelity } = this.#settings;
    const trace = new DecisionTrace('dps', claim.registrationId, about);
    const finding = this.#firstProblem(claim, trace);
    if (finding !== undefined) return { finding, trace };
    return { finding: attest(claim, this.enrollments, this.#pending, { clock, random, fidelity, trace }), trace };
  }

  #firstProblem(claim: Claim, trace: DecisionTrace): Finding | undefined {
    const ours = this.isOurs(claim.idScope);
    if (!trace.check('id-scope-known', ours, this.#settings.idScope, claim.idScope)) {
      return { kind: 'refused', problem: this.scopeProblem() };
    }
    const valid = isRegistrationId(claim.registrationId);
    return trace.check('registration-id-valid', valid, 'up to 128 letters, digits and - . _ :', claim.registrationId)
      ? undefined
      : { kind: 'refused', problem: problems.invalidRegistrationId };
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

  /** An attestation failure shows at once, or as an operation that fails, as the switch says. */
  #settle(registrationId: string, problem: Problem): Answer {
    const { fidelity } = this.#settings;
    if (problem === problems.enrollmentDisabled && fidelity.disabledEnrollment === 'status') {
      return this.#begin(registrationId, { kind: 'disabled' });
    }
    if (problem.status === 401 && fidelity.attestationFailure === 'operation') {
      return this.#begin(registrationId, { kind: 'failed', problem });
    }
    return this.refuse(problem);
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

  #tell(operation: Operation): Answer {
    const { clock, random, retryAfterSeconds } = this.#settings;
    const done = clock.now() >= operation.doneAt;
    return {
      status: done ? 200 : 202,
      trackingId: random.uuid(),
      ...(done ? {} : { retryAfterSeconds }),
      body: done ? operationBody.done(operation, clock.now()) : operationBody.running(operation),
    };
  }

  #record(trace: DecisionTrace): void {
    this.#settings.history.record({ kind: 'decision', ...trace.decision() });
  }
}
