import type { Cloud } from '../../core/cloud.ts';
import { idScope } from './open-cloud.ts';
import { ask, type ClientCertificate, type RawAnswer } from './raw-https.ts';

/** What a device shows at the HTTPS door. */
export interface Shown {
  readonly token?: string | undefined;
  readonly client?: ClientCertificate | undefined;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The body of a register request as it goes out, in place of `body`. */
  readonly text?: string;
  readonly scope?: string;
  readonly apiVersion?: string;
}

/** The register request of a device. */
export function register(cloud: Cloud, registrationId: string, shown: Shown = {}): Promise<RawAnswer> {
  return ask(cloud, {
    method: 'PUT',
    path: pathOf(registrationId, '/register', shown),
    body: shown.text ?? JSON.stringify({ registrationId, ...shown.body }),
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
    path: pathOf(registrationId, `/operations/${String(operationId)}`, shown),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
  });
}

/** The status lookup of a device. */
export function lookUp(cloud: Cloud, registrationId: string, shown: Shown = {}): Promise<RawAnswer> {
  return ask(cloud, {
    method: 'POST',
    path: pathOf(registrationId, '', shown),
    body: JSON.stringify({ registrationId, ...shown.body }),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
  });
}

function pathOf(registrationId: string, rest: string, { scope = idScope, apiVersion = '2021-06-01' }: Shown): string {
  return `/${scope}/registrations/${registrationId}${rest}?api-version=${apiVersion}`;
}
