import type { CloudSettings } from '../../core/cloud/cloud.ts';
import type { FleetCall, FleetRules, ForeseenRefusal, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import { defined } from '../../core/defined.ts';
import { deviceApiVersion } from '../../core/wire/dps-wire.ts';
import { type DecisionTrace, firstFailed } from '../../core/history/decision.ts';
import { failed, succeeded } from '../../core/result.ts';
import type { Problem } from '../../core/wire/problems.ts';
import { problems } from '../../core/wire/problems.ts';
import type { Hub } from '../hub/hub.ts';
import { allocate } from './allocation/allocate.ts';
import { hashedHub } from './allocation/hashed.ts';
import { assign } from './assign.ts';
import type { Claim } from './attestation/attestation.ts';
import type { Proof } from './attestation/proof.ts';
import type { ProvisioningService } from './service.ts';

/** Returns the decisions of a service and its hubs as functions, for fleets whose devices are numbers. */
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
      tellsRetryAfter: fidelity.throttleRetryAfter !== 'none',
      isDisabled: (check) => history.trace('dps', '', '').isDisabled(check),
    },
    registrationQuota: () => service.throttle.registrationQuota(),
    countOthers: (others) => service.throttle.countOthers(others),
    foresee: (call, host) => foresee(service, settings, claimOf(call), host),
    foreseeVisit: (host, deviceId, token) => {
      const hub = hubs.get(host);
      const trace = history.trace('hub', deviceId, `connection to ${host}`);
      const accepted = hub?.wouldAdmit(deviceId, { certificates: [], ...defined({ token }) }, trace) ?? false;
      return accepted ? { accepted } : { accepted, check: firstFailed(trace.decision())?.check };
    },
    bring: (call, host) => {
      const { finding, trace } = service.judge(claimOf(call));
      const hub = service.linkedHubs.find(host);
      if (finding.kind !== 'proved' || hub === undefined)
        return failed('not-assignable', `DPS rejects it: ${firstFailed(trace.decision())?.check ?? `no hub ${host}`}`);
      const { linkedHubs, registrations } = service;
      const places = { ...settings, linkedHubs, registrations };
      const assigned = assign(claimOf(call), finding.proof, hub, { kind: 'hub', host }, places);
      return assigned.ok ? succeeded(undefined) : failed('not-assignable', assigned.failure.message);
    },
  };
}

function claim({ registrationId, transport, token }: FleetCall, idScope: string): Claim {
  const credentials = { certificates: [], ...defined({ token }) };
  return { idScope, registrationId, transport, apiVersion: deviceApiVersion, credentials, body: { registrationId } };
}

async function foresee(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  host: string | undefined,
): Promise<RegistrationForecast> {
  const { finding, trace } = service.judge(request);
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
      return foreseeHub(service, settings, request, narrowed(finding.proof, host), trace);
  }
}

async function foreseeHub(
  service: ProvisioningService,
  settings: CloudSettings,
  request: Claim,
  proof: Proof,
  trace: DecisionTrace,
): Promise<RegistrationForecast> {
  const { linkedHubs, registrations, enrollments } = service;
  const chosen = await allocate(request, proof, trace, { ...settings, linkedHubs, registrations, enrollments });
  const policy = proof.enrollment.allocationPolicy ?? settings.allocationPolicy ?? 'hashed';
  const candidates = linkedHubs.candidates(proof.enrollment.hubs);
  const isShared = policy === 'hashed' && candidates.length > 1;
  const choice = isShared ? { hubOf: (registrationId: string) => hashedHub(registrationId, candidates) } : {};
  return chosen.kind === 'none'
    ? { kind: 'operation-fails', ...reason(trace, chosen.problem.errorCode), ...choice }
    : { kind: 'assigned', host: chosen.host, ...choice };
}

/** Returns a proof whose enrollment permits one hub only. */
function narrowed(proof: Proof, host: string | undefined): Proof {
  return host === undefined ? proof : { ...proof, enrollment: { ...proof.enrollment, hubs: [host] } };
}

function refusedWith({ status, errorCode }: Problem, trace: DecisionTrace): RegistrationForecast {
  return { kind: 'refused', status, ...reason(trace, errorCode) };
}

function reason(trace: DecisionTrace, errorCode?: number): ForeseenRefusal {
  const check = firstFailed(trace.decision())?.check;
  return { check, decidedBy: check === undefined ? undefined : 'dps', errorCode };
}
