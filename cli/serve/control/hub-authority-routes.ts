import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { isoInstant } from '../../../core/time/clock.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';

type HubCas = Pick<CloudOperator, 'hubAuthorities' | 'putHubAuthority' | 'deleteHubAuthority'>;

/**
 * Routes for the CAs by which hubs recognise devices of type `certificateAuthority`: `GET` and `POST /hubs/{hub}/authorities`, `DELETE
 * /hubs/{hub}/authorities/{SHA-256 thumbprint}`. `{hub}` is the name of the hub in the lab file, or its host name.
 */
export const hubAuthorityRoutes = {
  list: (cas: HubCas, { path }: LocalRequest): JsonAnswer => {
    const host = hostOf(path[1]);
    return listOf(cas, host, 200);
  },

  /** The body has the certificate: `{"certificate": "-----BEGIN CERTIFICATE-----…"}`, or base64 of DER. */
  add: (cas: HubCas, { path, body }: LocalRequest): JsonAnswer => {
    const text: unknown =
      typeof body === 'object' && body !== null && 'certificate' in body ? body.certificate : undefined;
    if (typeof text !== 'string')
      return refusal(400, 'expected a certificate in PEM, as in {"certificate":"-----BEGIN CERTIFICATE-----…"}');
    const read = parseCertificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'));
    if (!read.ok)
      return refusal(400, `the certificate cannot be read: ${read.failure.sentence}; expected PEM or base64 of DER`);
    if (read.value.basicConstraints?.ca !== true) {
      return refusal(400, `${read.value.subject} is not a CA; expected a CA certificate`);
    }
    const host = hostOf(path[1]);
    cas.putHubAuthority(host, read.value.der);
    return listOf(cas, host, 201);
  },

  remove: (cas: HubCas, { path }: LocalRequest): JsonAnswer => {
    const [, hub, , thumbprint = ''] = path;
    const host = hostOf(hub);
    if (cas.hubAuthorities(host) !== undefined && !cas.deleteHubAuthority(host, thumbprint).ok) {
      return refusal(
        404,
        `no CA of ${host} has the SHA-256 thumbprint "${thumbprint}"; GET /hubs/${host}/authorities lists its CAs`,
      );
    }
    return listOf(cas, host, 200);
  },
} as const;

function listOf(cas: HubCas, host: string, status: 200 | 201): JsonAnswer {
  const authorities = cas.hubAuthorities(host);
  if (authorities === undefined)
    return refusal(404, `there is no hub ${host}; the output of \`rehearse serve\` lists the hubs`);
  return { status, body: { hub: host, authorities: authorities.map(caSummary) } };
}

function caSummary({ subject, thumbprintSha256, notBefore, notAfter }: Certificate): object {
  return { subject, thumbprint: thumbprintSha256, notBefore: isoInstant(notBefore), notAfter: isoInstant(notAfter) };
}

/** Returns the host name of a hub. The path of the request has the name of the hub in the lab file, or its host name. */
export function hostOf(hub: string | undefined): string {
  const name = (hub ?? '').toLowerCase();
  return name.includes('.') ? name : `${name}.azure-devices.net`;
}
