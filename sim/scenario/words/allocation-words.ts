import { z } from 'zod';
import { allocationPolicyNames } from '../../../core/wire/enrollment.ts';
import { reference } from './words.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** What a device's twin starts from, as the service writes it. */
const initialTwin = z
  .strictObject({
    tags: jsonObject.optional().meta({ description: 'Words of the owner that the device never sees.' }),
    properties: z
      .strictObject({ desired: jsonObject.optional().meta({ description: 'What the device is told to be.' }) })
      .optional()
      .meta({ description: 'Properties that the device sees.' }),
  })
  .meta({ description: 'What the twin of the device starts from.' });

/** Words of an enrollment about hubs; individual enrollments and groups have the same. */
export const allocationTerms = {
  hubs: z
    .array(reference('hub', 'Name of a hub.'))
    .optional()
    .meta({ description: 'Hubs to choose from; all where absent.' }),
  allocation: z
    .enum(allocationPolicyNames)
    .optional()
    .meta({ description: 'How a hub is chosen; as the cloud does it where absent. custom asks the webhook.' }),
  reprovision: z
    .strictObject({
      updateHubAssignment: z.boolean().default(true).meta({ description: 'Whether the hub is chosen anew.' }),
      migrateDeviceData: z.boolean().default(true).meta({ description: 'Whether the twin moves along.' }),
    })
    .optional()
    .meta({ description: 'What happens to a device that registers again.' }),
  initialTwin: initialTwin.optional(),
};

/** How the customer's web service answers that custom allocation asks. */
export const webhookSchema = z
  .strictObject({
    answer: z
      .union([
        reference('hub', 'Name of the hub that it chooses.'),
        z.enum(['broken-json', 'slow', 'unknown-hub']),
        z.strictObject({ status: z.int().min(200).max(599).meta({ description: 'HTTP status, such as 500.' }) }),
      ])
      .meta({ description: 'A hub; or what goes wrong: a status, broken JSON, no answer, a hub that is not linked.' }),
    initialTwin: initialTwin.optional(),
    payload: z.unknown().optional().meta({ description: 'What the device is told beside its hub.' }),
  })
  .meta({ description: 'The web service that custom allocation asks.' });

export type WebhookWords = z.output<typeof webhookSchema>;

type TermsSchema = z.ZodObject<typeof allocationTerms>;

export type AllocationWords = z.output<TermsSchema>;
