import type { CloudSettings } from '../../core/cloud/cloud.ts';
import type { FleetCall, FleetRules, ForeseenRefusal, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import { defined } from '../../core/defined.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';
import { deviceApiVersion, issuingApiVersion } from '../../core/wire/dps-wire.ts';
import { type DecisionTrace, firstFailed } from '../../core/history/decision.ts';
import { failed, succeeded } from '../../core/result.ts';
import type { Problem } from '../../core/wire/problems.ts';
import { problems } from '../../core/wire/problems.ts';
import { defaultIssuanceMs, operationLifeMs } from '../hub/credentials/credential-operations.ts';
import type { Hub } from '../hub/hub.ts';
import { hubIssuance } from '../registry/hub-issuance.ts';
import { allocate } from './allocation/allocate.ts';
import { hashedHub } from './allocation/hashed.ts';
import { assign } from './assign.ts';
import type { Claim } from './claim.ts';
import type { Proof } from './attestation/proof.ts';
import { findPolicy } from './issuing/find-policy.ts';
import { isCsrOutOfPlace, issue, permitIssue, provedByIssued } from './issuing/issue.ts';
import type { RegistrationRecord } from './registrations.ts';
import type { ProvisioningService } from './service.ts';

/** Returns the decisions of a service and its hubs as functions, for simulated fleets without connections. */
export function fleetRules(
  service: ProvisioningService,
  hubs: ReadonlyMap<string, Hub>,
  settings: CloudSettings,
): FleetRules {
  const { fidelity, history, retryAfterSeconds, assignmentMs } = settings;
  const claimOf = (call: FleetCall): Claim => claim(call, settings.idScope);
  return {
    terms: {
      retryAfterSeconds,
      assignmentMs,
      pollQuota: service.throttle.pollQuota,
      issuanceMs: settings.issuanceMs ?? defaultIssuanceMs,
      issuanceLifeMs: operationLifeMs,
      tellsRetryAfter: fidelity.throttleRetryAfter !== 'none',
      isDisabled: (check) => history.trace('dps', '', '').isDisabled(check),
    },
    registrationQuota: () => service.throttle.registrationQuota(),
    countOthers: (others) => service.throttle.countOthers(others),
    foresee: (call, circumstances) => foresee(service, settings, claimOf(call), circumstances),
    foreseeVisit: ({ host, deviceId, token, certificates, at }) => {
      const hub = hubs.get(host);
      const trace = history.trace('hub', deviceId, `connection to ${host}`);
      const credentials = { certificates, ...defined({ token }) };
      const accepted = hub?.wouldAdmit(deviceId, credentials, trace, clockAt(at)) ?? false;
      return accepted ? { accepted } : { accepted, check: firstFailed(trace.decision())?.check };
    },
    hubIssuance: (deviceId) => hubIssuance(service.registry.policyOf(deviceId), service.registry, history),
    isIndividual: (registrationId) => service.enrollments.find(registrationId) !== undefined,
    bring: (call, host, issuedAt) => bring(service, settings, claimOf(call), host, issuedAt),
  };
}

async function bring(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  host: string,
  issuedAt: Millis | undefined,
): ReturnType<FleetRules['bring']> {
  const { finding, trace } = service.judge(request);
  const hub = service.linkedHubs.find(host);
  if (finding.kind !== 'proved' || hub === undefined)
    return failed(
      'not-assignable',
      `DPS rejects the device: ${firstFailed(trace.decision())?.check ?? `no hub ${host}`}`,
    );
  const { linkedHubs, registrations, registry } = service;
  const clock = issuedAt === undefined ? settings.clock : clockAt(issuedAt);
  const issuing = await issue(request, finding.proof, registry, service.circumstances(trace, clock));
  if (issuing.kind === 'refused') return failed('not-assignable', issuing.problem.message);
  const issued = issuing.kind === 'issued' ? issuing.issued : undefined;
  const proof = issued === undefined ? finding.proof : provedByIssued(finding.proof);
  const assigned = assign(request, proof, hub, { kind: 'hub', host }, { ...settings, linkedHubs, registrations });
  return assigned.ok ? succeeded(issued?.chain) : failed('not-assignable', assigned.failure.message);
}

function claim({ registrationId, transport, token, certificates, csr }: FleetCall, idScope: string): Claim {
  const credentials = { certificates, ...defined({ token }) };
  const body = { registrationId, ...defined({ csr }) };
  const apiVersion = csr === undefined ? deviceApiVersion : issuingApiVersion;
  return { idScope, registrationId, transport, apiVersion, credentials, body };
}

type Circumstances = Parameters<FleetRules['foresee']>[1];

async function foresee(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  circumstances: Circumstances,
): Promise<RegistrationForecast> {
  const { fidelity, history } = settings;
  if (isCsrOutOfPlace(request, fidelity))
    return refusedWith(problems.csrNotTaken, history.trace('dps', request.registrationId, 'registration'));
  const { finding, trace } = service.judge(request, clockAt(circumstances.at));
  const chainChange = nextBorder(trace, circumstances.at);
  const caChange = finding.kind === 'proved' ? issuingCaChange(service, finding.proof, circumstances.at) : undefined;
  const changes = [chainChange, caChange].filter((at) => at !== undefined);
  const until = changes.length === 0 ? undefined : Math.min(...changes);
  const forecast = await decide(service, settings, request, circumstances, { finding, trace });
  const isBeforeQuota = request.transport.startsWith('amqp') && fidelity.amqpAuthentication === 'immediate';
  return {
    ...forecast,
    ...(forecast.kind === 'refused' && isBeforeQuota ? { isBeforeQuota } : {}),
    ...defined({ until }),
  };
}

async function decide(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  circumstances: Circumstances,
  { finding, trace }: ReturnType<ProvisioningService['judge']>,
): Promise<RegistrationForecast> {
  const { fidelity } = settings;
  switch (finding.kind) {
    case 'challenge':
      return refusedWith(problems.unauthorized, trace);
    case 'refused':
      return finding.problem.status === 401 && fidelity.attestationFailure === 'operation'
        ? { kind: 'operation-fails', ...reason(trace, finding.problem.errorCode) }
        : refusedWith(finding.problem, trace);
    case 'disabled':
      if (fidelity.disabledEnrollment === 'error') return refusedWith(problems.enrollmentDisabled, trace);
      return fidelity.disabledEnrollment === 'status'
        ? { kind: 'operation-fails', ...reason(trace) }
        : { kind: 'refused', status: 200, ...reason(trace) };
    case 'proved':
      return foreseeHub(service, settings, request, narrowed(finding.proof, circumstances.host), {
        ...circumstances,
        trace,
      });
  }
}

async function foreseeHub(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  proof: Proof,
  { at, former, trace }: Circumstances & { readonly trace: DecisionTrace },
): Promise<RegistrationForecast> {
  const { linkedHubs, enrollments } = service;
  const { registry } = service;
  const permitted = await permitIssue(request, proof, registry, service.circumstances(trace, clockAt(at)));
  if (permitted.kind === 'refused') return { ...refusedWith(permitted.problem, trace), isAfterFaults: true };
  const registrations = { find: () => formerRecord(service, request, former) };
  const chosen = await allocate(request, proof, trace, { ...settings, linkedHubs, registrations, enrollments });
  const policy = proof.enrollment.allocationPolicy ?? settings.allocationPolicy ?? 'hashed';
  const candidates = linkedHubs.candidates(proof.enrollment.hubs);
  const isShared = policy === 'hashed' && candidates.length > 1;
  const choice = isShared ? { hubOf: (registrationId: string) => hashedHub(registrationId, candidates) } : {};
  if (chosen.kind === 'none') return { kind: 'operation-fails', ...reason(trace, chosen.problem.errorCode), ...choice };
  if (permitted.kind !== 'permitted') return { kind: 'assigned', host: chosen.host, ...choice };
  const certificates = permitted.policy;
  return {
    kind: 'assigned',
    host: chosen.host,
    ...choice,
    issued: (now) => registry.validityOf(certificates, now),
    hubIssuance: hubIssuance(certificates, registry, settings.history),
  };
}

/** Returns the registration of a device at its former hub, or undefined if the device has none. */
function formerRecord(
  { registrations }: ProvisioningService,
  { registrationId }: Claim,
  former: string | undefined,
): RegistrationRecord | undefined {
  if (former === undefined) return undefined;
  const known = registrations.find(registrationId);
  const made = { createdAt: 0, updatedAt: 0, etag: '', substatus: '' };
  return { registrationId, deviceId: registrationId, ...(known ?? made), hub: former };
}

/** Returns the next instant after `at` at which a CA of the verified chain becomes valid or expires. */
function nextBorder(trace: DecisionTrace, at: Millis): Millis | undefined {
  const [, ...cas] = trace.decision().certificates ?? [];
  const borders = cas.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1]).filter((border) => border > at);
  return borders.length === 0 ? undefined : Math.min(...borders);
}

/** Returns the next instant after `at` at which the CA of the policy of an enrollment becomes usable or expires. */
function issuingCaChange({ registry }: ProvisioningService, { enrollment }: Proof, at: Millis): Millis | undefined {
  const { policy } = findPolicy(enrollment, registry.authorities);
  const change = policy === undefined ? Infinity : registry.nextUsabilityChange(policy, at);
  return change === Infinity ? undefined : change;
}

function clockAt(at: Millis): Clock {
  return { now: () => at, sleep: () => Promise.resolve() };
}

/** Returns a proof whose enrollment permits one hub only. */
function narrowed(proof: Proof, host: string | undefined): Proof {
  return host === undefined ? proof : { ...proof, enrollment: { ...proof.enrollment, hubs: [host] } };
}

function refusedWith(
  { status, errorCode }: Problem,
  trace: DecisionTrace,
): RegistrationForecast & { readonly kind: 'refused' } {
  return { kind: 'refused', status, ...reason(trace, errorCode) };
}

function reason(trace: DecisionTrace, errorCode?: number): ForeseenRefusal {
  const check = firstFailed(trace.decision())?.check;
  return { check, decidedBy: check === undefined ? undefined : 'dps', errorCode };
}
