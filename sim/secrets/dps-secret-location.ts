import type { SecretLocation } from './secrets-ledger.ts';

/** Where DPS keeps its half of a secret. @param label such as `enrollment sensor-1`. */
export function dpsSecretLocation(label: string): SecretLocation {
  return { party: 'cloud-operator', place: 'DPS', label };
}
