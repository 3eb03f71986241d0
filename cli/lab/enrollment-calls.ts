import { request } from 'node:https';
import { defined } from '../../core/defined.ts';
import { formatSas, signSas } from '../../core/wire/sas.ts';
import type { Ready } from '../serve/ready.ts';
import type { Lab, LabEnrollment, LabGroup, LabKeys, LabRegistration } from './lab.ts';

/**
 * Returns the methods of a lab that call the service API of DPS, as a back end does.
 *
 * @param trusted the root certificate in PEM.
 * @param now returns the time of the lab, by which tokens expire.
 */
export function enrollmentCalls(
  ready: Pick<Ready, 'address' | 'ports' | 'serviceConnectionString'>,
  trusted: string,
  now: () => Promise<string>,
): Pick<Lab, 'enroll' | 'enrollGroup' | 'registration'> {
  const call = async (method: string, path: string, body?: object): Promise<ServiceAnswer> =>
    send(ready, { method, path, body, trusted, at: await now() });
  return {
    enroll: async (enrollment) => {
      const { registrationId, deviceId } = enrollment;
      const body = { ...defined({ registrationId, deviceId }), ...termsOf(enrollment, attestationOf(enrollment)) };
      return keysIn(accepted(await call('PUT', `enrollments/${encodeURIComponent(registrationId)}`, body)));
    },
    enrollGroup: async (group) => {
      const { enrollmentGroupId } = group;
      const body = { enrollmentGroupId, ...termsOf(group, groupAttestationOf(group)) };
      return keysIn(accepted(await call('PUT', `enrollmentGroups/${encodeURIComponent(enrollmentGroupId)}`, body)));
    },
    registration: async (registrationId) => {
      const answer = await call('GET', `registrations/${encodeURIComponent(registrationId)}`);
      return answer.status === 404 ? undefined : (accepted(answer) as unknown as LabRegistration);
    },
  };
}

interface ServiceAnswer {
  readonly status: number;
  readonly request: string;
  readonly body: Readonly<Record<string, unknown>>;
}

function termsOf({ provisioningStatus, terms }: LabEnrollment | LabGroup, attestation: object): object {
  return { attestation, ...defined({ provisioningStatus }), ...terms };
}

function attestationOf({ symmetricKey, x509, tpm, registrationId }: LabEnrollment): object {
  const given = [symmetricKey, x509, tpm].filter((one) => one !== undefined).length;
  if (given !== 1) {
    throw new Error(
      `the enrollment of ${registrationId} needs exactly one of symmetricKey, x509 and tpm; it has ${given}`,
    );
  }
  if (tpm !== undefined) return { type: 'tpm', tpm };
  if (x509 !== undefined) return { type: 'x509', x509: { clientCertificates: pairOf(x509) } };
  return keyAttestation(symmetricKey);
}

function groupAttestationOf({ symmetricKey, x509, enrollmentGroupId }: LabGroup): object {
  if ((symmetricKey === undefined) === (x509 === undefined)) {
    throw new Error(`the group ${enrollmentGroupId} needs exactly one of symmetricKey and x509`);
  }
  return x509 === undefined
    ? keyAttestation(symmetricKey)
    : { type: 'x509', x509: { signingCertificates: pairOf(x509) } };
}

function keyAttestation(symmetricKey: true | LabKeys | undefined): object {
  return { type: 'symmetricKey', ...(typeof symmetricKey === 'object' ? { symmetricKey } : {}) };
}

function pairOf({ certificate, secondary }: { readonly certificate: string; readonly secondary?: string }): object {
  return { primary: { certificate }, ...(secondary === undefined ? {} : { secondary: { certificate: secondary } }) };
}

function accepted({ status, request: sent, body }: ServiceAnswer): ServiceAnswer['body'] {
  if (status < 300) return body;
  throw new Error(`the service API answered ${sent} with status ${status}: ${JSON.stringify(body)}`);
}

function keysIn(body: ServiceAnswer['body']): LabKeys | undefined {
  const attestation = body['attestation'] as { readonly symmetricKey?: LabKeys } | undefined;
  return attestation?.symmetricKey;
}

interface ServiceCall {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  readonly trusted: string;
  /** ISO 8601. */
  readonly at: string;
}

function send(
  { address, ports, serviceConnectionString }: Pick<Ready, 'address' | 'ports' | 'serviceConnectionString'>,
  { method, path, body, trusted, at }: ServiceCall,
): Promise<ServiceAnswer> {
  const [, host = '', skn = '', key = ''] =
    /^HostName=([^;]*);SharedAccessKeyName=([^;]*);SharedAccessKey=([^;]*)$/.exec(serviceConnectionString) ?? [];
  const se = Math.floor(Date.parse(at) / 1000) + 3600;
  const token = formatSas({ sr: host, sig: signSas(Buffer.from(key, 'base64'), host, se), se, skn });
  return new Promise((resolve, reject) => {
    const outgoing = request({
      // A client cannot connect to the address that means all interfaces.
      host: ['0.0.0.0', '::'].includes(address) ? 'localhost' : address,
      port: ports.https,
      servername: host,
      method,
      path: `/${path}?api-version=2021-10-01`,
      ca: trusted,
      agent: false,
      timeout: callLimitMs,
      headers: { Host: host, Authorization: token, 'Content-Type': 'application/json' },
    });
    outgoing.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject);
      response.once('end', () => {
        const read = text === '' ? {} : (JSON.parse(text) as ServiceAnswer['body']);
        resolve({ status: response.statusCode ?? 0, request: `${method} /${path}`, body: read });
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} /${path}: no answer in ${callLimitMs} ms`)));
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Real milliseconds. */
const callLimitMs = 30_000;
