import type { AccessRight } from '../../core/wire/access-right.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { defined } from '../../core/defined.ts';
import type { Clock, VirtualClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { History } from '../../core/history/history.ts';
import type { Party } from '../../core/history/events.ts';
import type { Random } from '../../core/random.ts';
import type { Chips } from '../devices/chips.ts';
import type { Device } from '../devices/device.ts';
import type { Loot } from '../attacks/loot.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Intruders } from './attacker/intruders.ts';
import type { RogueServers } from './attacker/rogue-servers.ts';
import type { Factory } from './factory.ts';
import type { Network } from './network.ts';
import type { Authority } from '../pki/authority.ts';
import type { Batch } from '../pki/batch.ts';
import type { ThirdPartyPki } from '../pki/third-party.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import type { SecretLocation } from '../secrets/secrets-ledger.ts';
import type { Station } from './station.ts';
import type { WebhookStandIn } from './webhook-stand-in.ts';

/**
 * Everything that exists while one scenario runs, grouped by owner. `createWorld` creates it and steps change it. A step gets only the
 * members that it declares: see `StepWorld`.
 */
export interface World {
  /** The true time. */
  readonly clock: VirtualClock;
  readonly history: History;
  readonly tell: Tell;
  readonly place: Place;
  readonly devices: WorldDevices;
  readonly cloud: WorldCloud;
  readonly network: Network;
  readonly factory: Factory;
  readonly pki: WorldPki;
  readonly attack: AttackState;
}

/** The part of a world that a step gets: the members in its `uses`, and `tell`, which records an action of a party. */
export type StepWorld<Member extends keyof World = never> = Pick<World, Member | 'tell'>;

/**
 * Records an action of a party in the history. At a station, the party that operates the station is recorded instead of the manufacturer.
 * `certificates` are those that the action created.
 */
type Tell = (party: Party, subject: string, sentence: string, certificates?: readonly Certificate[]) => void;

/** The place of the current step: a station and its clock. */
interface Place {
  /** The station of the current step; undefined if the timeline names none. */
  readonly station: Station | undefined;
  /** The clock that dates everything the step makes: the clock of the station, or the true time without a station. */
  readonly clock: Clock;
}

/** The devices of a scenario and their TPMs. */
interface WorldDevices {
  /** All devices by name. A fleet is present only through its members. */
  readonly byName: ReadonlyMap<string, Device>;
  readonly chips: Chips;
  /** The fleets of numbers, by their names under `devices`. Their devices are not in `byName`. */
  readonly fleets: ReadonlyMap<string, Fleet>;
  /**
   * Returns the device with this name. For a fleet, returns the members that left the production line as ordered: neither scrapped,
   * rejected nor surplus.
   * @throws StepProblem if there is none.
   */
  select(name: string): readonly Device[];
}

/** DPS, its hubs, and the services that the operator runs or grants access to. */
export interface WorldCloud extends Pick<
  Cloud,
  | 'faults'
  | 'fleetRules'
  | 'idScope'
  | 'operator'
  | 'ports'
  | 'serverRoot'
  | 'serverRoots'
  | 'serviceAccess'
  | 'otherTenants'
> {
  readonly settings: ScenarioHead['cloud'];
  /** The webhook that DPS calls for custom allocation; undefined if the scenario has none. */
  readonly webhook: WebhookStandIn | undefined;
  /** Keys of shared access policies that the operator gave to other parties, by policy name. */
  readonly accessKeys: Map<string, { readonly key: Buffer; readonly rights: readonly AccessRight[] }>;
}

/** CAs and other key material that the manufacturer has or orders. */
export interface WorldPki {
  readonly settings: ScenarioHead['pki'];
  readonly authorities: ReadonlyMap<string, Authority>;
  /** The vendors that operate CAs, by the name of the CA. */
  readonly vendors: ReadonlyMap<string, ThirdPartyPki>;
  /** Batches of certificates that were ordered in advance, by the name of the order. */
  readonly batches: Map<string, StoredBatch>;
  /** Symmetric keys that several devices share, by name. */
  readonly sharedKeys: ReadonlyMap<string, Buffer>;
  /** Returns a serial number of 16 bytes that derives from the seed. The same purpose gives the same number. */
  serialNumber(purpose: string): Buffer;
}

/** A batch of certificates that were ordered in advance, and where their private keys are stored. */
export interface StoredBatch {
  readonly certificates: Batch;
  readonly location: SecretLocation;
}

/** The loot of attackers and their access to devices. */
interface AttackState {
  readonly random: Random;
  /** Loot by the name that the scenario gives it. */
  readonly loot: Map<string, Loot>;
  readonly intruders: Intruders;
  readonly rogueServers: RogueServers;
}

/** Returns the same world at a station. The party of the station then acts, and its clock dates everything that is made. */
export function worldAt(world: World, station: Station | undefined): World {
  if (station === undefined) return world;
  return {
    ...world,
    place: { station, clock: station.clock },
    tell: (party, subject, sentence, certificates) =>
      world.history.record({
        kind: 'deed',
        party: party === 'manufacturer' ? station.party : party,
        station: station.name,
        subject,
        sentence,
        ...defined({ certificates: certificates && world.history.certificates.keep(certificates) }),
      }),
  };
}
