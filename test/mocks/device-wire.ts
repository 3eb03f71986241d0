import type { Cloud } from '../../core/cloud.ts';
import { idScope } from './open-cloud.ts';
import { ask, type ClientCertificate, type RawAnswer } from './raw-https.ts';

/** What a device shows at the HTTPS door. */
export interface Shown {
  readonly token?: string | undefined;
  readonly client?: ClientCertificate | undefined;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly scope?: string;
}

/** The register request of a device. */
export function register(cloud: Cloud, registrationId: string, shown: Shown = {}): Promise<RawAnswer> {
  return ask(cloud, {
    method: 'PUT',
    path: `/${shown.scope ?? idScope}/registrations/${registrationId}/register?api-version=2021-06-01`,
    body: JSON.stringify({ registrationId, ...shown.body }),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
  });
}

/** The poll of a device. */
export function poll(
  cloud: Cloud,
  registrationId: string,
  operationId: unknown,
  shown: Shown = {},
): Promise<RawAnswer> {
  return ask(cloud, {
    path: `/${shown.scope ?? idScope}/registrations/${registrationId}/operations/${String(operationId)}?api-version=2021-06-01`,
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
  });
}
