import { z } from 'zod';
import { isRegistrationId } from '../../core/wire/registration-id.ts';
import { allocationTerms } from '../scenario/words/allocation-words.ts';
import { certificatePolicyTerms } from '../scenario/words/registry-words.ts';
import { faultShape, oneEffect, oneEffectSentence } from '../scenario/words/fault-words.ts';
import { cloudObject, hasWebhook, hasWebhookWords, ownCaSchema } from '../scenario/schema.ts';
import { deviceIdAtHub, forwardWords, isForward, reference, usableName } from '../scenario/words/words.ts';
import { isServerName, serverNameSentence } from './server-name.ts';

/** A fault that a lab simulates. The lab file and the control API use the same format. */
export const labFaultSchema = z
  .strictObject({
    ...faultShape,
    registrationId: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Registration ID to which the fault applies. Default: all.' }),
  })
  .refine(oneEffect, { error: oneEffectSentence })
  .refine(isForward, forwardWords);

const tpmSchema = z.union([
  z.string().regex(/^[\w-]{1,40}$/, { error: 'expected letters, digits and dashes' }),
  z.strictObject({
    endorsementKey: z.base64().min(1).meta({ description: 'TPM2B_PUBLIC in base64, as the SDKs return it.' }),
  }),
]);

const enrollmentSchema = z
  .strictObject({
    symmetricKey: z
      .union([z.literal(true), reference('key', 'Name of a key under `keys`.')])
      .optional()
      .meta({
        description:
          'true: DPS generates both keys. A name of a key under `keys`: this key is the primary and the secondary key.',
      }),
    tpm: tpmSchema
      .optional()
      .meta({ description: 'Name of a TPM that the lab starts, or the endorsement key of another TPM.' }),
    x509: z
      .strictObject({
        certificate: z
          .string()
          .min(1)
          .meta({ description: 'PEM file with the leaf. The path is relative to this file.' }),
        secondary: z.string().min(1).optional().meta({ description: 'PEM file with the secondary certificate.' }),
      })
      .optional()
      .meta({ description: 'Individual enrollment by certificate.' }),
    deviceId: deviceIdAtHub.optional().meta({ description: 'Device ID at the hub. Default: the registration ID.' }),
    provisioningStatus: z
      .enum(['enabled', 'disabled'])
      .default('enabled')
      .meta({ description: 'Whether the device may register.' }),
    credentialPolicy: reference('policy', 'Credential policy for devices that send a CSR.').optional(),
    ...certificatePolicyTerms,
    ...allocationTerms,
  })
  .refine(({ symmetricKey, tpm, x509 }) => [symmetricKey, tpm, x509].filter((one) => one !== undefined).length === 1, {
    error: 'expected exactly one of symmetricKey, tpm and x509',
  });

/** A lab file for `rehearse serve`. The keys under `cloud` are the same as in a scenario. */
export const labSchema = z.strictObject({
  title: z.string().optional().meta({ description: 'Title of the lab.' }),
  seed: z.string().min(1).optional().meta({ description: 'Seed of all random choices. Keys are new in each run.' }),
  pki: z.record(usableName, ownCaSchema).default({}).meta({ description: 'Certificate authorities by name.' }),
  keys: z.array(usableName).default([]).meta({ description: 'Names of symmetric keys that enrollments can share.' }),
  serverNames: z
    .array(z.string().refine(isServerName, { error: serverNameSentence }))
    .default([])
    .meta({
      description:
        'Further DNS names and IP addresses in the server certificate, for clients in containers or other networks.',
    }),
  cloud: cloudObject
    .extend({
      faults: z
        .array(labFaultSchema)
        .default([])
        .meta({ description: 'Faults of the service from the start of the lab.' }),
    })
    .refine(hasWebhook, hasWebhookWords)
    .prefault({})
    .meta({ description: 'The provisioning service and its hubs.' }),
  enrollments: z
    .record(usableName.refine(isRegistrationId, { error: 'expected a registration ID' }), enrollmentSchema)
    .default({})
    .meta({ description: 'Individual enrollments by registration ID.' }),
});

export type LabHead = z.output<typeof labSchema>;
