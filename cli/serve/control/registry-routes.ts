import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import type { RegistryFailure } from '../../../core/cloud/registry-operator.ts';
import { defined } from '../../../core/defined.ts';
import type { Result } from '../../../core/result.ts';
import { isoInstant } from '../../../core/time/clock.ts';
import type { LiveRegistry } from '../../../reports/html/live-api.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';
import { registryBodies } from './route-descriptions.ts';

type Operator = Pick<CloudOperator, 'registry' | 'revokeCertificates'>;

/**
 * Routes for the device registry. They show the CAs of the registry with their policies and synchronisation, and run the actions of the
 * registry. The management API on the host of the service API creates and deletes CAs.
 */
export const registryRoutes = {
  list: async ({ registry }: Operator): Promise<JsonAnswer> => ({ status: 200, body: await registryView(registry) }),

  synchronize: async ({ registry }: Operator, { body }: LocalRequest): Promise<JsonAnswer> => {
    const read = registryBodies.namespace.safeParse(body);
    if (!read.success) return refusal(400, 'expected a namespace, as in {"namespace":"rehearsal"}');
    return after(await registry.synchronize(read.data.namespace), registry);
  },

  rotate: async ({ registry }: Operator, { body }: LocalRequest): Promise<JsonAnswer> => {
    const read = registryBodies.authority.safeParse(body);
    if (!read.success)
      return refusal(400, 'expected a CA, as in {"namespace":"rehearsal","certificateAuthority":"monthly"}');
    return after(await registry.revokeAndRotate(read.data), registry);
  },

  revoke: async ({ registry, revokeCertificates }: Operator, { body }: LocalRequest): Promise<JsonAnswer> => {
    const read = registryBodies.device.safeParse(body);
    if (!read.success) return refusal(400, 'expected a device, as in {"deviceId":"meter-1","disable":true}');
    const revoked = revokeCertificates(read.data.deviceId, { disables: read.data.disable });
    return revoked.ok ? registryRoutes.list({ registry, revokeCertificates }) : refusal(404, revoked.failure.sentence);
  },
} as const;

async function after(result: Result<unknown, RegistryFailure>, registry: Operator['registry']): Promise<JsonAnswer> {
  return result.ok
    ? { status: 200, body: await registryView(registry) }
    : refusal(result.failure.status, result.failure.sentence);
}

async function registryView(registry: Operator['registry']): Promise<LiveRegistry> {
  const cas = await registry.certificateAuthorities();
  return {
    authorities: cas.map(({ namespace, certificateAuthority, type, issuer, status, certificate, sync }) => ({
      namespace,
      certificateAuthority,
      type,
      ...defined({
        issuer,
        status,
        subject: certificate?.subject,
        notAfter: certificate && isoInstant(certificate.notAfter),
        thumbprint: certificate?.thumbprintSha256,
      }),
      sync,
      policies: registry
        .policies({ namespace, certificateAuthority })
        .map(({ policy, validityDays }) => ({ policy, validityDays })),
    })),
    devices: registry.devices().map(({ deviceId, isDisabled, policy }) => ({
      deviceId,
      isDisabled,
      ...defined({ policy: policy?.policy }),
    })),
  };
}
