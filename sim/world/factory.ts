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

/** The stations of the factory, its records of the units that it builds, and the ledger of all secrets. */
export interface Factory {
  readonly random: Random;
  readonly stations: ReadonlyMap<string, Station>;
  /** Units that must not leave the line, with the check that decided it; by name. */
  readonly stopped: Map<string, { readonly how: 'scrapped' | 'rejected'; readonly check: CheckId }>;
  /** Names of surplus units: they were built beyond the order and leave the line unrecorded. */
  readonly offTheBooks: Set<string>;
  /** Registration IDs of the units in the production records, whatever their fate. */
  readonly books: Set<string>;
  /** The device that passed the quality check with an identity, by identity. */
  readonly inspected: Map<string, string>;
  /** Audit trails by the station that writes them. */
  readonly trails: Map<string, AuditTrail>;
  /** Forged copies of trails, by station. An auditor gets the copy instead of the trail. */
  readonly rewrittenTrails: Map<string, readonly string[]>;
  /** Documents that one party handed to another, by kind, such as `ek-list`. */
  readonly documents: Map<string, string>;
  readonly secrets: SecretsLedger;
  /** The part of the ledger that follows the state of devices. */
  readonly inDevices: DeviceSecrets;
}

/** Opens a factory with the stations of the scenario, before its first unit. */
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
