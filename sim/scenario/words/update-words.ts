import { z } from 'zod';
import type { OfferedUpdate, UpdateScript } from '../../../core/cloud/device-updates.ts';
import { defined } from '../../../core/defined.ts';

const offeredUpdateSchema = z
  .strictObject({
    provider: z.string().min(1).meta({ description: 'Provider of the update.' }),
    name: z.string().min(1).meta({ description: 'Name of the update.' }),
    version: z.string().min(1).meta({ description: 'Version of the update.' }),
    manifest: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Further members of the update manifest, which DPS does not read.' }),
    fileUrls: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Addresses of the files of the update, by file ID.' }),
  })
  .meta({ description: 'An update that a device gets until it reports this update as installed.' });

/** The answers of the update service, in scenarios, labs and the control API. */
export const updateScriptSchema = z
  .strictObject({
    onboarding: offeredUpdateSchema.optional().meta({ description: 'Update for devices before their registration.' }),
    software: offeredUpdateSchema.optional().meta({ description: 'Update for registered devices.' }),
    rootKeyDownloadUrl: z.string().min(1).optional().meta({ description: 'Address of the root keys.' }),
    error: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'expected a text code such as UPDATE_ACCOUNT_NOT_LINKED' })
      .optional()
      .meta({ description: 'Error code, as text, with which every request for an update fails.' }),
  })
  .meta({
    description:
      'Answers of the update service (Device Update) under API version 2026-11-02-preview. Default: no update account is linked.',
  });

type ScriptWords = z.output<typeof updateScriptSchema>;

/** Converts the settings in a file into the answers of the update service. */
export function updateScript({ onboarding, software, rootKeyDownloadUrl, error }: ScriptWords): UpdateScript {
  return defined({ onboarding: offered(onboarding), software: offered(software), rootKeyDownloadUrl, error });
}

function offered(words: ScriptWords['onboarding']): OfferedUpdate | undefined {
  if (words === undefined) return undefined;
  const { provider, name, version, manifest, fileUrls } = words;
  return { provider, name, version, ...defined({ manifest, fileUrls }) };
}
