import { checkFound } from './check-found.ts';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { httpInstant } from '../../../core/time/clock.ts';
import { invalid, problems, type Problem } from '../../../core/wire/problems.ts';
import type { CaCertificate, CaCertificates } from '../ca-certificates.ts';
import { readCertificate } from '../enrollment-json/read-certificate.ts';
import { readShape } from '../enrollment-json/read.ts';
import { checkETag } from './precondition.ts';
import { noContent, replied, type Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/**
 * The requests of the service API about CA certificates. `parent` is the part of the path before the name of the
 * certificate; replies contain this part in `id`.
 */
export const caCertificateRequests = {
  list: (held: CaCertificates, parent: string): Reply =>
    replied({ value: held.list().map((one) => written(one, parent)) }),

  get: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = look(held, name, request);
    return !found.ok ? found : replied(written(found.value, parent));
  },

  /** Uploads a certificate. Replacing an existing certificate requires its ETag. */
  put: (held: CaCertificates, name: string, parent: string, { json, ifMatch, trace }: AdminRequest): Reply => {
    const former = held.find(name);
    if (former !== undefined && ifMatch === undefined) {
      const absent = trace.check(
        'resource-absent',
        false,
        'no certificate of that name, or a request with If-Match',
        name,
      );
      if (!absent) return failedWith(problems.certificateExists);
    }
    const conflict = former === undefined ? undefined : checkETag(ifMatch, former.etag, trace);
    if (conflict !== undefined) return failedWith(conflict);
    const body = readUpload(json);
    if (!body.ok) return body;
    const problem = held.upload(name, body.value.der, body.value.isVerified, trace);
    const stored = held.find(name);
    if (problem !== undefined || stored === undefined) return failedWith(problem ?? problems.internal);
    return replied(written(stored, parent));
  },

  delete: (held: CaCertificates, name: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if (!found.ok) return found;
    held.delete(name);
    return noContent;
  },

  generateVerificationCode: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if (!found.ok) return found;
    const made = held.makeCode(name);
    return made === undefined
      ? failedWith(problems.certificateNotFound)
      : replied(written(made, parent, made.code?.text));
  },

  verify: (held: CaCertificates, name: string, parent: string, request: AdminRequest): Reply => {
    const found = lookForChange(held, name, request);
    if (!found.ok) return found;
    const shape = readShape(proofShape, request.json);
    const proof = !shape.ok ? shape : readCertificate(shape.value.certificate, 'certificate');
    if (!proof.ok) return proof;
    const problem = held.verify(found.value, proof.value.der, request.trace);
    const stored = held.find(name);
    if (problem !== undefined || stored === undefined) return failedWith(problem ?? problems.internal);
    return replied(written(stored, parent));
  },
} as const;

type Found = Result<CaCertificate, Problem>;

function look(held: CaCertificates, name: string, { ifMatch, trace }: AdminRequest): Found {
  const certificate = held.find(name);
  checkFound(certificate, name, trace);
  if (certificate === undefined) return failedWith(problems.certificateNotFound);
  const conflict = checkETag(ifMatch, certificate.etag, trace);
  return conflict === undefined ? succeeded(certificate) : failedWith(conflict);
}

/** The REST description requires If-Match for every change of a certificate. */
function lookForChange(held: CaCertificates, name: string, request: AdminRequest): Found {
  if (request.ifMatch !== undefined) return look(held, name, request);
  const expected = 'If-Match with the ETag of the certificate';
  if (request.trace.check('request-well-formed', false, expected, 'no If-Match')) return look(held, name, request);
  return failedWith(invalid('If-Match with the ETag of the certificate is required'));
}

/** Older API versions have the fields at the top level, newer ones under `properties`. */
function readUpload(json: unknown): Result<{ readonly der: Buffer; readonly isVerified: boolean }, Problem> {
  const shape = readShape(uploadShape, json);
  if (!shape.ok) return shape;
  const { certificate, isVerified } = shape.value.properties ?? shape.value;
  const read = readCertificate(certificate ?? '', 'properties.certificate');
  return read.ok ? succeeded({ der: read.value.der, isVerified: isVerified ?? false }) : read;
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
