import type { AuditTrail } from '../../core/audit/trail.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { History } from '../../core/history/history.ts';
import type { CheckId } from '../../core/checks.ts';
import { DeviceSecrets } from '../secrets/device-secrets.ts';
import { SecretsLedger } from '../secrets/secrets-ledger.ts';

/** What the people of a factory know of the units they build. */
export interface Factory {
  /** Units that are not to leave, with the check that decided so; by name. */
  readonly stopped: Map<string, { readonly how: 'scrapped' | 'rejected'; readonly check: CheckId }>;
  /** Units that were built beyond the order, by name: they leave by the back door. */
  readonly offTheBooks: Set<string>;
  /** Registration IDs of the units that the books of the lines have, whatever became of them. */
  readonly books: Set<string>;
  /** The device that passed the quality check with an identity, by identity. */
  readonly inspected: Map<string, string>;
  /** Audit trails by the station that writes them. */
  readonly trails: Map<string, AuditTrail>;
  /** Copies of trails that somebody has rewritten, by station: they are what an auditor is handed. */
  readonly rewrittenTrails: Map<string, readonly string[]>;
  readonly secrets: SecretsLedger;
  /** The part of it that looks into devices. */
  readonly inDevices: DeviceSecrets;
}

/** A factory before its first unit. */
export function openFactory(history: History, fidelity: Partial<FidelitySettings>): Factory {
  const secrets = new SecretsLedger(history);
  return {
    stopped: new Map(),
    offTheBooks: new Set(),
    books: new Set(),
    inspected: new Map(),
    trails: new Map(),
    rewrittenTrails: new Map(),
    secrets,
    inDevices: new DeviceSecrets(secrets, fidelity.tpmHubKey ?? defaultFidelity.tpmHubKey),
  };
}
