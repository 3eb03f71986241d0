import { z } from 'zod';
import { allocationPolicyNames } from '../../../core/wire/enrollment.ts';
import { reference } from './words.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** The initial twin of a device, in the JSON form of the service API. */
const initialTwin = z
  .strictObject({
    tags: jsonObject.optional().meta({ description: 'Tags, which the device cannot read.' }),
    properties: z
      .strictObject({ desired: jsonObject.optional().meta({ description: 'Desired properties.' }) })
      .optional()
      .meta({ description: 'Properties that the device can read.' }),
  })
  .meta({ description: 'Initial twin of the device.' });

/** The settings of an enrollment that select a hub. Individual enrollments and groups share them. */
export const allocationTerms = {
  hubs: z
    .array(reference('hub', 'Name of a hub.'))
    .optional()
    .meta({ description: 'Hubs from which DPS chooses. Default: all.' }),
  allocation: z.enum(allocationPolicyNames).optional().meta({
    description: 'Allocation policy. custom: DPS asks the webhook for the hub. Default: the policy of the cloud.',
  }),
  reprovision: z
    .strictObject({
      updateHubAssignment: z.boolean().default(true).meta({ description: 'true: DPS chooses a hub again.' }),
      migrateDeviceData: z.boolean().default(true).meta({ description: 'true: the twin moves to the new hub.' }),
    })
    .optional()
    .meta({ description: 'Reprovisioning policy for a device that registers again.' }),
  initialTwin: initialTwin.optional(),
};

/** The response of the customer's webhook for custom allocation. */
export const webhookSchema = z
  .strictObject({
    answer: z
      .union([
        reference('hub', 'Name of the hub that the web service chooses.'),
        z.enum(['broken-json', 'slow', 'unknown-hub']),
        z.strictObject({ status: z.int().min(200).max(599).meta({ description: 'HTTP status, such as 500.' }) }),
      ])
      .meta({
        description:
          'The chosen hub, or a failure: an HTTP status, broken JSON, no answer, or a hub that is not linked.',
      }),
    initialTwin: initialTwin.optional(),
    payload: z.unknown().optional().meta({ description: 'Payload that DPS sends to the device with the assignment.' }),
  })
  .meta({ description: 'The web service for custom allocation.' });

export type WebhookWords = z.output<typeof webhookSchema>;

type TermsSchema = z.ZodObject<typeof allocationTerms>;

export type AllocationWords = z.output<TermsSchema>;
