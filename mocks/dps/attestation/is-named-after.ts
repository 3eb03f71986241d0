import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';

/**
 * Returns true if a common name is that of a registration. The switch `registrationIdCase` says whether letter case counts.
 *
 * @param commonName undefined if the certificate has none.
 */
export function isNamedAfter(
  commonName: string | undefined,
  registrationId: string,
  { registrationIdCase }: Pick<FidelitySettings, 'registrationIdCase'>,
): boolean {
  return registrationIdCase === 'sensitive'
    ? commonName === registrationId
    : commonName?.toLowerCase() === registrationId.toLowerCase();
}
