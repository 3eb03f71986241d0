import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';

/**
 * Returns true if the common name equals the registration ID. The switch `registrationIdCase` decides whether upper and lower
 * case differ.
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
