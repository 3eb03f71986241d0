import type { CloudSettings } from '../../core/cloud.ts';
import { DecisionTrace, firstFailed } from '../../core/decision.ts';
import type { RegisterBody } from '../../core/dps-wire.ts';
import { problems, type Problem } from '../../core/problems.ts';
import { isRegistrationId, registrationKey } from '../../core/registration-id.ts';
import type { Hub } from '../hub/hub.ts';
import { refusal, type Answer } from './answer.ts';
import { allocate, assign } from './assign.ts';
import type { Claim, Finding } from './attestation/attestation.ts';
import { PendingChallenges } from './attestation/tpm.ts';
import { attest } from './attest.ts';
import type { Credentials } from './credentials.ts';
import { Enrollments } from './enrollments.ts';
import { operationBody } from './operation-body.ts';
import { Registrations, type Operation, type OperationOutcome } from './registrations.ts';

/**
 * The provisioning service without its doors: it judges claims, assigns hubs and remembers. Doors translate what comes
 * over a wire into these calls and the answers back.
 */
export class ProvisioningService {
  readonly enrollments = new Enrollments();
  readonly registrations: Registrations;
  readonly #settings: CloudSettings;
  readonly #hubs: ReadonlyMap<string, Hub>;
  readonly #pending = new PendingChallenges();

  constructor(settings: CloudSettings, hubs: ReadonlyMap<string, Hub>) {
    this.#settings = settings;
    this.#hubs = hubs;
    this.registrations = new Registrations(settings.random.fork('operations'));
  }

  /** Device registration. 202 where an assignment is on its way, 401 with a key where a TPM is challenged. */
  async register(
    idScope: string,
    registrationId: string,
    credentials: Credentials,
    body: RegisterBody,
  ): Promise<Answer> {
    const claim: Claim = { idScope, registrationId, credentials, body };
    const { finding, trace } = this.#judge(claim, 'registration');
    if (finding.kind !== 'proved') {
      this.#record(trace);
      return finding.kind === 'challenge' ? this.#challenge(finding) : this.#settle(registrationId, finding.problem);
    }
    const hub = allocate(finding.proof, registrationId, this.#hubs);
    const candidates = finding.proof.enrollment.hubs.join(', ') || 'any linked hub';
    trace.check('hub-allocated', hub !== undefined, candidates, hub?.host ?? 'none');
    this.#record(trace);
    if (hub === undefined) return this.#begin(registrationId, { kind: 'failed', problem: problems.hubNotSpecified });
    const places = { ...this.#settings, hubs: this.#hubs, registrations: this.registrations };
    const state = assign(finding.proof, registrationId, hub, places);
    return this.#begin(registrationId, { kind: 'assigned', proof: finding.proof, state });
  }

  /** What became of an operation; only for the device that began it. */
  operationStatus(idScope: string, registrationId: string, operationId: string, credentials: Credentials): Answer {
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
  status(idScope: string, registrationId: string, credentials: Credentials, body: RegisterBody): Answer {
    const claim: Claim = { idScope, registrationId, credentials, body };
    const { finding, trace } = this.#judge(claim, 'status lookup');
    this.#record(trace);
    if (finding.kind === 'refused') return this.refuse(finding.problem);
    if (finding.kind === 'challenge') return this.#challenge(finding);
    const record = this.registrations.find(registrationId);
    if (record === undefined) return this.refuse(problems.notFound);
    return { status: 200, trackingId: this.#settings.random.uuid(), body: operationBody.state(record) };
  }

  get idScope(): string {
    return this.#settings.idScope;
  }

  /** Whether a device whose chain has a gap is cut off without a word, as the switch says. Leaves its decision if so. */
  cutsOff(idScope: string, registrationId: string, credentials: Credentials): boolean {
    if (this.#settings.fidelity.missingIntermediate !== 'close') return false;
    const { trace } = this.#judge({ idScope, registrationId, credentials, body: {} }, 'MQTT connect');
    if (firstFailed(trace.decision())?.check !== 'chain-complete') return false;
    this.#record(trace);
    return true;
  }

  /**
   * What the service would have against a claim, for doors that tell it before anything is asked. Nothing begins and no
   * challenge is spent. Leaves its decision where there is an objection.
   */
  objection(
    idScope: string,
    registrationId: string,
    credentials: Credentials,
    body: RegisterBody,
    about: string,
  ): Problem | undefined {
    const claim: Claim = { idScope, registrationId, credentials, body };
    const { finding, trace } = this.#judge(claim, about, this.#pending.copy());
    if (finding.kind !== 'refused') return undefined;
    this.#record(trace);
    return finding.problem;
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

  #judge(
    claim: Claim,
    about: string,
    pending = this.#pending,
  ): { readonly finding: Finding; readonly trace: DecisionTrace } {
    const { clock, random, fidelity } = this.#settings;
    const trace = new DecisionTrace('dps', claim.registrationId, about);
    const finding = this.#firstProblem(claim, trace);
    if (finding !== undefined) return { finding, trace };
    return { finding: attest(claim, this.enrollments, pending, { clock, random, fidelity, trace }), trace };
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
