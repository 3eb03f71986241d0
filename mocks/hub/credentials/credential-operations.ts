import { defined } from '../../../core/defined.ts';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { afterRealTime, isoInstant, type Clock, type Millis } from '../../../core/time/clock.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { History } from '../../../core/history/history.ts';
import type { Random } from '../../../core/random.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import { noPolicies } from '../../registry/authorities.ts';
import type { DeviceRegistry, IssuedChain } from '../../registry/device-registry.ts';
import { judgeCsr, type JudgedCsr } from '../../registry/judge-csr.ts';
import { judgeIssuer } from '../../registry/judge-issuer.ts';
import { recordDecision, recordFailedDecision } from '../../shared/record-decision.ts';
import type { CredentialAnswer, DeviceLink } from '../device-link.ts';
import { hubInstant } from '../hub-instant.ts';
import { hubProblems, type HubProblem } from '../hub-problems.ts';
import { credentialProblems } from './credential-problems.ts';
import { readCredentialRequest, type CredentialRequest } from './read-request.ts';

/** The parts of a hub that the operations use. */
interface Surroundings extends Pick<CloudSettings, 'issuanceMs'> {
  readonly host: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly registry: DeviceRegistry;
  /** Returns true while the hub throttles the device. */
  throttles(deviceId: string): boolean;
  /** Returns the link of a device that is connected and subscribed to the answers. */
  linkOf(deviceId: string): DeviceLink | undefined;
}

/** A request that a hub has accepted with 202. */
interface Operation {
  readonly rid: string;
  readonly correlationId: string;
  readonly csr: string;
  /** The instant from which the hub can issue the certificate. */
  readonly dueAt: Millis;
  readonly expiresAt: Millis;
  /** The issuance; undefined until the operation is due. */
  issuance: Promise<void> | undefined;
  /** The last answer; undefined until the certificate is issued or refused. */
  answer: CredentialAnswer | undefined;
}

/**
 * The certificate requests of the devices of one hub: at most one operation for each device. An operation outlives the
 * connection of its device, and its last answer waits for the device as long as the operation is valid.
 */
export class CredentialOperations {
  readonly #around: Surroundings;
  readonly #operations = new Map<string, Operation>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /**
   * Handles a request that a device published. The answer 202 or the refusal goes to the device at once, if the device
   * is subscribed.
   *
   * @param isByToken true if the device connected with a token.
   */
  request(deviceId: string, rid: string, payload: Buffer, isByToken: boolean): void {
    const begun = this.#begin(deviceId, rid, payload, isByToken);
    this.#around.linkOf(deviceId)?.answerCredential?.(begun);
    this.proceed(deviceId);
  }

  /**
   * Issues the certificate of a device if its operation is due, and sends an answer that waits for the device. Call it when the device
   * subscribes or sends a packet, because a jump of the virtual clock triggers no event.
   */
  proceed(deviceId: string): void {
    const operation = this.#find(deviceId);
    if (operation === undefined) return;
    if (operation.issuance === undefined && this.#around.clock.now() >= operation.dueAt) {
      operation.issuance = this.#issue(deviceId, operation);
      return;
    }
    const link = operation.answer === undefined ? undefined : this.#around.linkOf(deviceId);
    if (link === undefined || operation.answer === undefined) return;
    this.#operations.delete(deviceId);
    link.answerCredential?.(operation.answer);
  }

  /**
   * Returns the issuance that is under way for a device; undefined if there is none. A listener acknowledges a message after the issuance,
   * so that the order of its packets does not depend on the speed of the machine.
   */
  issuance(deviceId: string): Promise<void> | undefined {
    const operation = this.#operations.get(deviceId);
    return operation?.answer === undefined ? operation?.issuance : undefined;
  }

  /** Forgets the operation of a deleted device. */
  drop(deviceId: string): void {
    this.#operations.delete(deviceId);
  }

  #begin(deviceId: string, rid: string, payload: Buffer, isByToken: boolean): CredentialAnswer {
    const { history, host, clock, random, issuanceMs = defaultIssuanceMs } = this.#around;
    if (this.#around.throttles(deviceId)) return this.#refusal(rid, { problem: hubProblems.throttled, retryAfter: 10 });
    const trace = history.trace('hub', deviceId, `certificate request to ${host}`);
    const judged = this.#judge(deviceId, payload, isByToken, trace);
    recordFailedDecision(history, trace);
    if (!judged.ok) return this.#refusal(rid, judged.failure);
    const now = clock.now();
    const operation: Operation = {
      rid,
      correlationId: random.uuid(),
      csr: judged.value.csr,
      dueAt: now + issuanceMs,
      expiresAt: now + operationLifeMs,
      issuance: undefined,
      answer: undefined,
    };
    this.#operations.set(deviceId, operation);
    // This timer is for a lab in real time. In virtual time, the next packet of the device continues the operation.
    afterRealTime(issuanceMs + timerSlackMs, () => this.proceed(deviceId));
    const { correlationId, expiresAt } = operation;
    return { status: 202, rid, body: { correlationId, operationExpires: isoInstant(expiresAt) } };
  }

  #judge(
    deviceId: string,
    payload: Buffer,
    isByToken: boolean,
    trace: DecisionTrace,
  ): Result<CredentialRequest, Refusal> {
    const read = readCredentialRequest(payload, deviceId);
    const found = read.ok ? 'a valid request' : read.failure.message;
    const isReadable = trace.check('hub-request-well-formed', read.ok, 'JSON with id, csr and replace', found);
    if (!read.ok && !isReadable) return failedWith({ problem: read.failure });
    const request = read.ok ? read.value : unreadable;
    const isAllowed = !isByToken || this.#around.fidelity.credentialsByToken === 'accept';
    const shown = isByToken ? 'a token' : 'a certificate';
    if (!trace.check('hub-credential-type-matches', isAllowed, 'a connection with a certificate', shown))
      return failedWith({ problem: hubProblems.unauthorized });
    const active = this.#find(deviceId);
    return this.#judgeReplacement(request, active, trace) ?? succeeded(request);
  }

  #judgeReplacement(
    { replace }: CredentialRequest,
    active: Operation | undefined,
    trace: DecisionTrace,
  ): Result<never, Refusal> | undefined {
    const numbers = this.#around.fidelity.credentialErrorNumbers;
    const found = active === undefined ? 'none' : `operation ${active.rid}`;
    if (replace === undefined) {
      const isFree = active === undefined || active.answer !== undefined;
      if (trace.check('certificate-request-fits', isFree, 'no active operation', found) || active === undefined)
        return undefined;
      const { correlationId, rid, expiresAt } = active;
      const info = { requestId: rid, operationExpires: isoInstant(expiresAt), correlationId };
      return failedWith({ problem: credentialProblems(numbers).operationActive, info });
    }
    const isFound = replace === '*' || replace === active?.rid;
    if (trace.check('certificate-request-fits', isFound, `operation ${replace}`, found)) return undefined;
    return failedWith({ problem: credentialProblems(numbers).nothingToReplace, info: { requestId: replace } });
  }

  async #issue(deviceId: string, operation: Operation): Promise<void> {
    const answer = await this.#issued(deviceId, operation);
    // A newer request may have replaced the operation during the issuance.
    if (this.#operations.get(deviceId) !== operation) return;
    operation.answer = answer;
    this.proceed(deviceId);
  }

  async #issued(deviceId: string, { rid, csr, correlationId, expiresAt }: Operation): Promise<CredentialAnswer> {
    const { history, host, fidelity } = this.#around;
    const trace = history.trace('hub', deviceId, `certificate issuance by ${host}`);
    const judged = await judgeCsr(csr, deviceId, (name) => name === deviceId, trace, fidelity);
    const issued = judged === undefined ? undefined : await this.#issueTo(deviceId, judged, trace);
    recordDecision(history, trace);
    if (issued !== undefined)
      return {
        status: 200,
        rid,
        body: { correlationId, certificates: issued.chain.map((der) => der.toString('base64')) },
      };
    const info = {
      correlationId,
      credentialError: '400000',
      credentialMessage: judged === undefined ? 'CSR did not pass verification' : 'No certificate can be issued',
      requestId: rid,
      operationExpires: isoInstant(expiresAt),
    };
    return this.#refusal(rid, { problem: credentialProblems(fidelity.credentialErrorNumbers).operationFailed, info });
  }

  async #issueTo(deviceId: string, { name, key }: JudgedCsr, trace: DecisionTrace): Promise<IssuedChain | undefined> {
    const { registry, clock } = this.#around;
    const policy = registry.policyOf(deviceId);
    const expected =
      registry.authorities
        .policies()
        .map((each) => each.name)
        .join(' or ') || noPolicies;
    trace.check('credential-policy-known', policy !== undefined, expected, policy?.name ?? 'the device has no policy');
    if (policy === undefined || !judgeIssuer(policy, registry, clock.now(), trace)) return undefined;
    return registry.issue(deviceId, name, key, clock.now());
  }

  #find(deviceId: string): Operation | undefined {
    const operation = this.#operations.get(deviceId);
    if (operation === undefined || this.#around.clock.now() < operation.expiresAt) return operation;
    this.#operations.delete(deviceId);
    return undefined;
  }

  #refusal(rid: string, { problem, info, retryAfter }: Refusal): CredentialAnswer {
    const { random, clock } = this.#around;
    const { status, errorCode, message } = problem;
    const timestampUtc = hubInstant(clock.now());
    const body = { errorCode, message, trackingId: random.uuid(), timestampUtc, info: info ?? null };
    return { status, rid, body: { ...body, ...defined({ retryAfter }) } };
  }
}

/** A refusal, with the member `info` of its JSON. If `info` is undefined, the JSON has the value null. */
interface Refusal {
  readonly problem: HubProblem;
  readonly info?: JsonObject;
  /** Seconds that the device should wait before it sends another request; undefined if the answer contains no time. */
  readonly retryAfter?: number;
}

/** Replaces a malformed request if a mutation test has disabled the check of its form. */
const unreadable: CredentialRequest = { csr: '', replace: undefined };

/** The operation of a request was valid for twelve hours in a published test run of January 2026. */
export const operationLifeMs = 12 * 3_600_000;
/** Time from a request until the hub can issue the certificate, if no setting names another. */
export const defaultIssuanceMs = 1000;
/** A timer of Node can fire slightly before the instant that the clock of the hub shows. */
const timerSlackMs = 10;
