import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { httpInstant } from '../../../core/time/clock.ts';
import { invalid, problems, type Problem } from '../../../core/wire/problems.ts';
import type { CaCertificate, CaCertificates } from '../ca-certificates.ts';
import { readCertificate } from '../enrollment-json/read-certificate.ts';
import { readShape } from '../enrollment-json/read.ts';
import { checkETag } from './precondition.ts';
import { replied, type Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/** The requests of the service API about CA certificates. `parent` is the path above the certificate, for the `id` in replies. */
export const caCertificateRequests = {
  list: (held: CaCertificates, parent: string): Reply =>
    replied({ value: held.list().map((one) => written(one, parent)) }),

  get: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = look(held, name, request);
    return 'problem' in found ? found : replied(written(found.certificate, parent));
  },

  /** Uploads a certificate. Replacing an existing one requires its ETag. */
  put: (held: CaCertificates, name: string, parent: string, { json, ifMatch, trace }: AdminRequest): Reply => {
    const former = held.find(name);
    if (former !== undefined && ifMatch === undefined) {
      const absent = trace.check('resource-absent', false, 'no certificate of that name, or If-Match', name);
      if (!absent) return { problem: problems.certificateExists };
    }
    const conflict = former === undefined ? undefined : checkETag(ifMatch, former.etag, trace);
    if (conflict !== undefined) return { problem: conflict };
    const body = readUpload(json);
    if ('problem' in body) return body;
    const problem = held.upload(name, body.der, body.isVerified, trace);
    const stored = held.find(name);
    if (problem !== undefined || stored === undefined) return { problem: problem ?? problems.internal };
    return replied(written(stored, parent));
  },

  delete: (held: CaCertificates, name: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if ('problem' in found) return found;
    held.delete(name);
    return { status: 204 };
  },

  generateVerificationCode: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if ('problem' in found) return found;
    const made = held.makeCode(name);
    return made === undefined
      ? { problem: problems.certificateNotFound }
      : replied(written(made, parent, made.code?.text));
  },

  verify: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if ('problem' in found) return found;
    const shape = readShape(proofShape, request.json);
    const proof = 'problem' in shape ? shape : readCertificate(shape.value.certificate, 'certificate');
    if ('problem' in proof) return proof;
    const problem = held.verify(found.certificate, proof.value.der, request.trace);
    const stored = held.find(name);
    if (problem !== undefined || stored === undefined) return { problem: problem ?? problems.internal };
    return replied(written(stored, parent));
  },
} as const;

type Found = { readonly certificate: CaCertificate } | { readonly problem: Problem };

function look(held: CaCertificates, name: string, { ifMatch, trace }: AdminRequest): Found {
  const certificate = held.find(name);
  trace.check('resource-found', certificate !== undefined, name, certificate === undefined ? 'none' : 'one');
  if (certificate === undefined) return { problem: problems.certificateNotFound };
  const conflict = checkETag(ifMatch, certificate.etag, trace);
  return conflict === undefined ? { certificate } : { problem: conflict };
}

/** The REST description requires If-Match for every change of a certificate. */
function lookForChange(held: CaCertificates, name: string, request: AdminRequest): Found {
  if (request.ifMatch !== undefined) return look(held, name, request);
  const expected = 'If-Match with the ETag of the certificate';
  if (request.trace.check('request-well-formed', false, expected, 'no If-Match')) return look(held, name, request);
  return { problem: invalid('If-Match with the ETag of the certificate is required') };
}

/** Older API versions have the fields at the top level, newer ones under `properties`. */
function readUpload(
  json: unknown,
): { readonly der: Buffer; readonly isVerified: boolean } | { readonly problem: Problem } {
  const shape = readShape(uploadShape, json);
  if ('problem' in shape) return shape;
  const { certificate, isVerified } = shape.value.properties ?? shape.value;
  const read = readCertificate(certificate ?? '', 'properties.certificate');
  return 'problem' in read ? read : { der: read.value.der, isVerified: isVerified ?? false };
}

const propertiesShape = z.object({ certificate: z.string().nullish(), isVerified: z.boolean().nullish() });
const uploadShape = propertiesShape.extend({ properties: propertiesShape.nullish() });
const proofShape = z.object({ certificate: z.string() });

function written(held: CaCertificate, parent: string, verificationCode?: string): object {
  const { name, certificate, isVerified, etag, createdAt, updatedAt } = held;
  return {
    id: `${parent}/${name}`,
    name,
    type: 'Microsoft.Devices/ProvisioningServices/Certificates',
    etag,
    properties: {
      subject: certificate.subject,
      expiry: httpInstant(certificate.notAfter),
      thumbprint: certificate.thumbprintSha1,
      isVerified,
      certificate: certificate.der.toString('base64'),
      created: httpInstant(createdAt),
      updated: httpInstant(updatedAt),
      ...defined({ verificationCode }),
    },
  };
}
