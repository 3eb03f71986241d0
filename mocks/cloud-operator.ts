import type { CloudOperator, OperatorFailure, ProvisionedDevice } from '../core/cloud/cloud-operator.ts';
import { defined } from '../core/defined.ts';
import { freshKey } from '../core/random.ts';
import { done, failed, succeeded, type Result } from '../core/result.ts';
import type { Clock } from '../core/time/clock.ts';
import { problems } from '../core/wire/problems.ts';
import { registrationKey } from '../core/wire/registration-id.ts';
import type { ProvisioningService } from './dps/service.ts';
import type { Hub } from './hub/hub.ts';
import { hubView } from './hub/hub-view.ts';
import { RegistryAdministration } from './registry/registry-administration.ts';

type HubOperator = Pick<
  CloudOperator,
  | 'setHubIdentityStatus'
  | 'rollHubKey'
  | 'hubPolicyKey'
  | 'maintainHub'
  | 'hubView'
  | 'putHubAuthority'
  | 'sendToDevice'
  | 'consumerGroups'
  | 'addConsumerGroup'
  | 'removeConsumerGroup'
  | 'hubAuthorities'
  | 'deleteHubAuthority'
>;

/**
 * Returns the operations of the operator, except `replaceServerRoot`, which concerns the servers of the whole cloud.
 */
export function cloudOperator(
  service: ProvisioningService,
  hubs: ReadonlyMap<string, Hub>,
  clock: Clock,
): Omit<CloudOperator, 'replaceServerRoot' | 'changeTls'> {
  return { ...serviceOperator(service), ...hubOperator(hubs, clock), ...registryOperator(service, hubs, clock) };
}

/** Returns the operations of the operator that concern DPS itself. */
function serviceOperator(
  service: ProvisioningService,
): Omit<CloudOperator, keyof HubOperator | 'replaceServerRoot' | 'changeTls' | 'registry' | 'revokeCertificates'> {
  const { enrollments, caCertificates, accessPolicies } = service;
  return {
    putEnrollment: (enrollment) => acceptedUnless('enrollment-rejected', enrollments.put(enrollment)),
    putEnrollmentGroup: (group) => acceptedUnless('enrollment-rejected', enrollments.putGroup(group)),
    enrollment: (registrationId) => enrollments.find(registrationId),
    enrollmentGroup: (enrollmentGroupId) => enrollments.findGroup(enrollmentGroupId),
    enrollments: () => enrollments.individuals(),
    enrollmentGroups: () => enrollments.groups(),
    deleteEnrollment: (registrationId) =>
      doneIf(enrollments.delete(registrationId), 'enrollment-not-found', `no enrollment has the ID ${registrationId}`),
    deleteEnrollmentGroup: (groupId) =>
      doneIf(enrollments.deleteGroup(groupId), 'enrollment-not-found', `no group has the ID ${groupId}`),
    provisioned: () => provisionedBy(service),
    putAccessPolicy: (name, rights) => accessPolicies.put(name, rights),
    deleteAccessPolicy: (name) =>
      doneIf(accessPolicies.delete(name), 'access-policy-not-found', `no access policy has the name ${name}`),
    setHubLink: (host, link) =>
      doneIf(service.linkedHubs.setLink(host, link), 'hub-not-found', `no hub ${host} is linked`),
    ...caOperator(service),
    deleteCaCertificate: (name) => doneIf(caCertificates.delete(name), 'certificate-not-found', noCertificate(name)),
  };
}

/** Returns the operations of the operator that concern the device registry. */
export function registryOperator(
  service: ProvisioningService,
  hubs: ReadonlyMap<string, Hub>,
  clock: Clock,
): Pick<CloudOperator, 'registry' | 'revokeCertificates'> {
  const registry = new RegistryAdministration({
    registry: service.registry,
    clock,
    decide: (subject, about, judge) => service.decide(subject, about, judge),
    setIdentities: (deviceId, status) => {
      for (const { identities } of hubs.values()) {
        const identity = identities.find(deviceId);
        if (identity !== undefined) identities.put({ ...identity, status });
      }
    },
  });
  return {
    registry,
    revokeCertificates: (deviceId, { disables = false } = {}) => {
      if (!service.registry.revoke(deviceId))
        return failed(
          'device-not-registered',
          `the device registry has no device ${deviceId}; it gets one when the device registers with a credential policy`,
        );
      if (disables) registry.setDeviceEnabled(deviceId, false);
      return done;
    },
  };
}

function caOperator(
  service: ProvisioningService,
): Pick<CloudOperator, 'uploadCaCertificate' | 'createVerificationCode' | 'verifyCaCertificate'> {
  const { caCertificates } = service;
  return {
    uploadCaCertificate: (name, certificate, isVerified) =>
      acceptedUnless(
        'certificate-rejected',
        service.decide(`certificate ${name}`, 'upload', (trace) =>
          caCertificates.upload(name, certificate, isVerified, trace),
        ),
      ),
    createVerificationCode: (name) => {
      const code = caCertificates.makeCode(name)?.code;
      return code === undefined ? failed('certificate-not-found', noCertificate(name)) : succeeded(code.text);
    },
    verifyCaCertificate: (name, proof) => {
      const problem = service.decide(`certificate ${name}`, 'proof of possession', (trace) => {
        const held = caCertificates.find(name);
        if (!trace.check('resource-found', held !== undefined, name, held === undefined ? 'none' : 'one') || !held) {
          return problems.certificateNotFound;
        }
        return caCertificates.verify(held, proof, trace);
      });
      const code = problem === problems.certificateNotFound ? 'certificate-not-found' : 'proof-rejected';
      return acceptedUnless(code, problem);
    },
  };
}

/** Returns the operations of the operator that concern the hubs. */
function hubOperator(hubs: ReadonlyMap<string, Hub>, clock: Clock): HubOperator {
  return {
    setHubIdentityStatus: (host, deviceId, status) => {
      const identities = hubs.get(host)?.identities;
      const identity = identities?.find(deviceId);
      if (identities === undefined || identity === undefined) return noIdentity(host, deviceId);
      identities.put({ ...identity, status });
      return done;
    },
    rollHubKey: (host, deviceId, slot) => {
      const identities = hubs.get(host)?.identities;
      const identity = identities?.find(deviceId);
      if (identities === undefined || identity === undefined) return noIdentity(host, deviceId);
      if (identity.authentication.type !== 'sas') {
        return failed('identity-has-no-key', `${deviceId} at ${host} authenticates by certificate and has no key`);
      }
      identities.put({ ...identity, authentication: { ...identity.authentication, [`${slot}Key`]: freshKey(32) } });
      return done;
    },
    maintainHub: (host, forMs) => {
      const hub = hubs.get(host);
      if (hub === undefined) return noHub(host);
      hub.maintain(forMs);
      return done;
    },
    hubPolicyKey: (host, policyName) => hubs.get(host)?.policies.keysOf(policyName)[0],
    hubAuthorities: (host) => hubs.get(host)?.authorities(),
    deleteHubAuthority: (host, thumbprint) => {
      const hub = hubs.get(host);
      if (hub === undefined) return noHub(host);
      const sentence = `${host} has no CA with the SHA-256 thumbprint "${thumbprint}"`;
      return doneIf(hub.deleteAuthority(thumbprint), 'certificate-not-found', sentence);
    },
    putHubAuthority: (host, certificate) => {
      const hub = hubs.get(host);
      if (hub === undefined) return noHub(host);
      hub.putAuthority(certificate);
      return done;
    },
    hubView: (host, twinLimit) => {
      const hub = hubs.get(host);
      return hub === undefined ? undefined : hubView(hub, twinLimit);
    },
    consumerGroups: (host) => hubs.get(host)?.events.consumerGroups(),
    addConsumerGroup: (host, name) => {
      const hub = hubs.get(host);
      if (hub === undefined) return noHub(host);
      const isNew = hub.events.addConsumerGroup(name);
      return doneIf(isNew, 'consumer-group-exists', `${host} already has a consumer group "${name}"`);
    },
    removeConsumerGroup: (host, name) => {
      const events = hubs.get(host)?.events;
      if (events === undefined) return noHub(host);
      if (events.removeConsumerGroup(name)) return done;
      return events.hasConsumerGroup(name)
        ? failed('consumer-group-fixed', `the consumer group "${name}" cannot be removed`)
        : failed('consumer-group-not-found', `${host} has no consumer group "${name}"`);
    },
    sendToDevice: (host, deviceId, { body, messageId, properties = {}, timeToLiveMs, ack }) => {
      const expiresAt = timeToLiveMs === undefined ? undefined : clock.now() + timeToLiveMs;
      const message = { body, messageId, expiresAt, ack, properties: new Map(Object.entries(properties)) };
      const hub = hubs.get(host);
      return hub === undefined ? noHub(host) : acceptedUnless('message-rejected', hub.send(deviceId, message));
    },
  };
}

type Code = OperatorFailure['code'];

/** Returns a success if there is no problem, otherwise a failure with the message of the service. */
function acceptedUnless(
  code: Code,
  problem: { readonly message: string } | undefined,
): Result<undefined, OperatorFailure> {
  return problem === undefined ? done : failed(code, problem.message);
}

function doneIf(isDone: boolean, code: Code, sentence: string): Result<undefined, OperatorFailure> {
  return isDone ? done : failed(code, sentence);
}

function noHub(host: string): Result<never, OperatorFailure> {
  return failed('hub-not-found', `${host} is not a hub of this service`);
}

function noIdentity(host: string, deviceId: string): Result<never, OperatorFailure> {
  return failed('identity-not-found', `${host} has no identity of a device "${deviceId}"`);
}

function noCertificate(name: string): string {
  return `the service has no CA certificate "${name}"`;
}

function provisionedBy({ enrollments, registrations }: ProvisioningService): readonly ProvisionedDevice[] {
  const devices = new Map<string, ProvisionedDevice>();
  for (const { registrationId } of enrollments.individuals()) {
    devices.set(registrationKey(registrationId), { registrationId });
  }
  for (const { registrationId, enrollmentGroupId } of registrations.list()) {
    const key = registrationKey(registrationId);
    if (devices.has(key)) continue;
    devices.set(key, { registrationId, ...defined({ enrollmentGroupId }) });
  }
  return [...devices.values()];
}
