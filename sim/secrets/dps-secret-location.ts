import type { SecretLocation } from './secrets-ledger.ts';

/**
 * Returns the location of a secret at DPS.
 * @param label part of DPS, such as `enrollment sensor-1`.
 */
export function dpsSecretLocation(label: string): SecretLocation {
  return { party: 'cloud-operator', place: 'DPS', label };
}
