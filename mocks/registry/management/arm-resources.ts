import type { PolicyName, RegistryCa, RegistryDevice, RegistryPolicy } from '../../../core/cloud/registry-operator.ts';
import { defined } from '../../../core/defined.ts';
import { isoInstant } from '../../../core/time/clock.ts';

/** The forms of the resources in ARM `Microsoft.DeviceRegistry`, 2026-11-01. `parent` is the path of their namespace. */
export const armResources = {
  namespace: (parent: string): object => ({
    id: parent,
    name: parent.split('/').at(-1),
    type: 'Microsoft.DeviceRegistry/namespaces',
    location,
    properties: { provisioningState: 'Succeeded' },
  }),

  certificateAuthority: (ca: RegistryCa, root: string | undefined, parent: string): object => {
    const { certificateAuthority: name, type, uuid, certificate } = ca;
    return {
      id: `${parent}/certificateAuthorities/${name}`,
      name,
      type: 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities',
      location,
      properties: {
        certificateAuthorityType: type,
        keyType: 'ECC',
        uuid,
        provisioningState: 'Succeeded',
        ...(certificate === undefined
          ? {}
          : {
              subject: certificate.subject,
              validityNotBefore: isoInstant(certificate.notBefore),
              validityNotAfter: isoInstant(certificate.notAfter),
            }),
        ...defined({ issuer: issuerOf(ca, root, parent) }),
      },
    };
  },

  certificatePolicy: (
    { certificateAuthority, policy, uuid, validityDays }: RegistryPolicy,
    parent: string,
  ): object => ({
    id: policyId({ certificateAuthority, policy }, parent),
    name: policy,
    type: 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities/certificatePolicies',
    location,
    properties: {
      certificate: { validityPeriodInDays: validityDays },
      uuid,
      provisioningState: 'Succeeded',
    },
  }),

  /** The form of a root in API versions before 2026-11-01, which call it the credential of its namespace. */
  credential: ({ uuid }: RegistryCa, parent: string): object => ({
    id: `${parent}/credentials/default`,
    name: 'default',
    type: 'Microsoft.DeviceRegistry/namespaces/credentials',
    location,
    properties: { uuid, provisioningState: 'Succeeded' },
  }),

  registryDevice: ({ deviceId, isDisabled }: RegistryDevice, parent: string): object => ({
    id: `${parent}/registryDevices/${deviceId}`,
    name: deviceId,
    type: 'Microsoft.DeviceRegistry/namespaces/registryDevices',
    location,
    properties: {
      externalDeviceId: deviceId,
      enablementState: isDisabled ? 'Disabled' : 'Enabled',
      provisioningState: 'Succeeded',
    },
  }),
} as const;

function issuerOf(ca: RegistryCa, root: string | undefined, parent: string): object | undefined {
  const { issuer, status, certificateSigningRequest, certificate } = ca;
  if (issuer === 'Microsoft')
    return { issuerType: issuer, certificateAuthorityResourceId: `${parent}/certificateAuthorities/${root ?? ''}` };
  if (issuer === undefined) return undefined;
  const thumbprint = certificate?.thumbprintSha1;
  return { issuerType: issuer, ...defined({ status, certificateSigningRequest, thumbprint }) };
}

function policyId(
  { certificateAuthority, policy }: Pick<PolicyName, 'certificateAuthority' | 'policy'>,
  parent: string,
) {
  return `${parent}/certificateAuthorities/${certificateAuthority}/certificatePolicies/${policy}`;
}

/** The Azure region in every resource. A lab has no region. */
const location = 'lab';
