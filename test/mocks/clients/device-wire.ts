import type { Reachable } from './reachable.ts';
import { idScope } from './open-cloud.ts';
import { ask, type ClientCertificate, type RawAnswer } from './raw-https.ts';

/** The credentials and options of a device over HTTPS. */
export interface Shown {
  readonly token?: string | undefined;
  readonly client?: ClientCertificate | undefined;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The raw body of a register request. If given, it is sent in place of `body`. */
  readonly text?: string;
  readonly scope?: string;
  readonly apiVersion?: string;
  /** Time limit for an answer in milliseconds. */
  readonly limitMs?: number;
}

/** Sends the register request of a device. */
export function register(cloud: Reachable, registrationId: string, shown: Shown = {}): Promise<RawAnswer> {
  return ask(cloud, {
    method: 'PUT',
    path: pathOf(registrationId, '/register', shown),
    body: shown.text ?? JSON.stringify({ registrationId, ...shown.body }),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
    limitMs: shown.limitMs,
  });
}

/** Sends the poll of a device. */
export function poll(
  cloud: Reachable,
  registrationId: string,
  operationId: unknown,
  shown: Shown = {},
): Promise<RawAnswer> {
  return ask(cloud, {
    path: pathOf(registrationId, `/operations/${String(operationId)}`, shown),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
    limitMs: shown.limitMs,
  });
}

/** Sends the status lookup of a device. */
export function lookUp(cloud: Reachable, registrationId: string, shown: Shown = {}): Promise<RawAnswer> {
  return ask(cloud, {
    method: 'POST',
    path: pathOf(registrationId, '', shown),
    body: JSON.stringify({ registrationId, ...shown.body }),
    headers: { Authorization: shown.token ?? null },
    client: shown.client,
    limitMs: shown.limitMs,
  });
}

function pathOf(registrationId: string, rest: string, { scope = idScope, apiVersion = '2021-06-01' }: Shown): string {
  return `/${scope}/registrations/${registrationId}${rest}?api-version=${apiVersion}`;
}
