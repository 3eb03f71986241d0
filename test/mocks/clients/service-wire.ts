import { createHmac } from 'node:crypto';
import { noon, type OpenCloud } from './open-cloud.ts';
import { ask, type RawAnswer } from './raw-https.ts';

/** The parts of a request to the service API that a test can change. Default: the parts of a valid request. */
export interface ServiceCall {
  readonly body?: unknown;
  /** The raw body of the request. If given, it is sent in place of `body`. */
  readonly text?: string;
  /** null omits it. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly apiVersion?: string;
  readonly host?: string;
}

/** Sends one request to the service API. By default the token is signed with the key of the owner policy. */
export function askService(
  { cloud }: OpenCloud,
  method: string,
  path: string,
  call: ServiceCall = {},
): Promise<RawAnswer> {
  const { host, policyName, key } = cloud.serviceAccess;
  const version = call.apiVersion ?? '2021-10-01';
  const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  return ask(cloud, {
    method,
    path: `${path}?api-version=${version}`,
    headers: {
      Host: call.host ?? host,
      Authorization: call.token === undefined ? policyToken(key, policyName, host) : call.token,
      ...call.headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** Returns a shared access signature of a policy. It does not use the code under test. */
export function policyToken(key: Buffer, policy: string, resource: string, se = noon / 1000 + 3600): string {
  const sr = encodeURIComponent(resource);
  const sig = createHmac('sha256', key).update(`${sr}\n${se}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=${policy}`;
}
