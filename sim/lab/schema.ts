import { z } from 'zod';
import { isRegistrationId } from '../../core/wire/registration-id.ts';
import { allocationTerms } from '../scenario/words/allocation-words.ts';
import { faultShape, oneEffect, oneEffectSentence } from '../scenario/words/fault-words.ts';
import { cloudObject, hasWebhook, hasWebhookWords, ownCaSchema } from '../scenario/schema.ts';
import { deviceIdAtHub, forwardWords, isForward, reference, usableName } from '../scenario/words/words.ts';
import { isServerName, serverNameSentence } from './server-name.ts';

/** A fault of a lab, in its file and at its control API alike. */
export const labFaultSchema = z
  .strictObject({
    ...faultShape,
    registrationId: z.string().min(1).optional().meta({ description: 'Whom it strikes; everybody where absent.' }),
  })
  .refine(oneEffect, { error: oneEffectSentence })
  .refine(isForward, forwardWords);

const tpmSchema = z.union([
  z.string().regex(/^[\w-]{1,40}$/, { error: 'expected letters, digits and dashes' }),
  z.strictObject({
    endorsementKey: z.base64().min(1).meta({ description: 'TPM2B_PUBLIC in base64, as the SDKs give it out.' }),
  }),
]);

const enrollmentSchema = z
  .strictObject({
    symmetricKey: z
      .union([z.literal(true), reference('key', 'Name of a key under `keys`.')])
      .optional()
      .meta({ description: 'true for keys that the service makes.' }),
    tpm: tpmSchema
      .optional()
      .meta({ description: 'Name of a TPM of this lab, which is started; or the key of another.' }),
    x509: z
      .strictObject({
        certificate: z.string().min(1).meta({ description: 'PEM file with the leaf, seen from this file.' }),
        secondary: z.string().min(1).optional().meta({ description: 'PEM file with a second one.' }),
      })
      .optional()
      .meta({ description: 'An enrollment by a certificate of its own.' }),
    deviceId: deviceIdAtHub.optional().meta({ description: 'ID at the hub; the registration ID where absent.' }),
    provisioningStatus: z
      .enum(['enabled', 'disabled'])
      .default('enabled')
      .meta({ description: 'Whether the device may register.' }),
    credentialPolicy: reference('policy', 'Policy by which a device that sends a CSR gets a certificate.').optional(),
    ...allocationTerms,
  })
  .refine(({ symmetricKey, tpm, x509 }) => [symmetricKey, tpm, x509].filter((one) => one !== undefined).length === 1, {
    error: 'expected exactly one of symmetricKey, tpm and x509',
  });

/** What `rehearse serve` serves. The words under `cloud` are those of a scenario. */
export const labSchema = z.strictObject({
  title: z.string().optional().meta({ description: 'One line for people who read the file.' }),
  seed: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Fixes every draw of chance; keys are new in each run all the same.' }),
  pki: z.record(usableName, ownCaSchema).default({}).meta({ description: 'Certificate authorities by name.' }),
  keys: z.array(usableName).default([]).meta({ description: 'Names of symmetric keys that enrollments can share.' }),
  serverNames: z
    .array(z.string().refine(isServerName, { error: serverNameSentence }))
    .default([])
    .meta({
      description:
        'DNS names and IP addresses that the server certificate has beside those of Azure, for clients in containers or other networks.',
    }),
  cloud: cloudObject
    .extend({
      faults: z.array(labFaultSchema).default([]).meta({ description: 'Faults that the service has from the start.' }),
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
