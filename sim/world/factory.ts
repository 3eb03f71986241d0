import type { AuditTrail } from '../../core/audit/trail.ts';
import type { CheckId } from '../../core/checks.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { History } from '../../core/history/history.ts';
import type { Random } from '../../core/random.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import { DeviceSecrets } from '../secrets/device-secrets.ts';
import { SecretsLedger } from '../secrets/secrets-ledger.ts';
import { openStation, type Station } from './station.ts';

/** The stations of the factory, its records of built units, and the ledger of all secrets. */
export interface Factory {
  readonly random: Random;
  readonly stations: ReadonlyMap<string, Station>;
  /** Units that must not leave the production line, by name, with the check that stopped each of them. */
  readonly stopped: Map<string, { readonly how: 'scrapped' | 'rejected'; readonly check: CheckId }>;
  /** Names of surplus units, which were built beyond the order. They leave the production line without a production record. */
  readonly offTheBooks: Set<string>;
  /** Registration IDs of all units in the production records, including scrapped units. */
  readonly books: Set<string>;
  /**
   * Names of devices that passed the quality check, by the identity of the device. The next check uses them to find a second device with
   * the same identity.
   */
  readonly inspected: Map<string, string>;
  /** Audit trails, by the name of the station that writes each of them. */
  readonly trails: Map<string, AuditTrail>;
  /** Forged copies of audit trails, by station. An auditor gets the forged copy instead of the real trail. */
  readonly rewrittenTrails: Map<string, readonly string[]>;
  /** Documents that one party gave to another, by kind, such as `ek-list`. */
  readonly documents: Map<string, string>;
  readonly secrets: SecretsLedger;
  /** The part of the secrets ledger that follows the state of devices. */
  readonly inDevices: DeviceSecrets;
}

/** Opens a factory with the stations of the scenario, before the first unit is built. */
export function openFactory(
  history: History,
  random: Random,
  { cloud, stations }: Pick<ScenarioHead, 'cloud' | 'stations'>,
  clock: Clock,
): Factory {
  const secrets = new SecretsLedger(history);
  const { tpmHubKey } = cloud.fidelity as Partial<FidelitySettings>;
  return {
    random,
    stations: new Map(Object.entries(stations).map(([name, spec]) => [name, openStation(name, spec, clock)])),
    stopped: new Map(),
    offTheBooks: new Set(),
    books: new Set(),
    inspected: new Map(),
    trails: new Map(),
    rewrittenTrails: new Map(),
    documents: new Map(),
    secrets,
    inDevices: new DeviceSecrets(secrets, tpmHubKey ?? defaultFidelity.tpmHubKey),
  };
}
