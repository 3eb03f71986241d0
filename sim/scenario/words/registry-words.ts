import { z } from 'zod';
import { namespaceNameRule, registryNameRule } from '../../../core/wire/registry-names.ts';

type Rule = typeof registryNameRule;

function nameOf({ min, max, pattern }: Rule): z.ZodString {
  return z.string().min(min).max(max).regex(pattern, {
    error:
      'expected letters, digits and hyphens, as the device registry requires them; the name of a namespace is in lower case',
  });
}

/** Schema of the name of a namespace in the device registry. */
export const namespaceWord = nameOf(namespaceNameRule)
  .default('rehearsal')
  .meta({ description: 'Namespace of the device registry.' });

/** Schema of the name of a CA or policy in the device registry. */
export function registryWord(description: string): z.ZodString {
  return nameOf(registryNameRule).meta({ description });
}

/** The keys that name a certificate policy in an enrollment, in the form of API versions from 2026-11-01. */
export const certificatePolicyTerms = {
  namespaceName: nameOf(namespaceNameRule)
    .optional()
    .meta({ description: 'Namespace of certificatePolicyName in the device registry. Default: any.' }),
  certificateAuthorityName: nameOf(registryNameRule)
    .optional()
    .meta({ description: 'Certificate authority of certificatePolicyName in the device registry. Default: any.' }),
  certificatePolicyName: nameOf(registryNameRule).optional().meta({
    description: 'Certificate policy for devices that send a CSR. API version 2026-11-01 uses this key.',
  }),
};
