import type { AccessRight } from '../../core/wire/access-right.ts';
import type { Clock, VirtualClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { History } from '../../core/history/history.ts';
import type { Party } from '../../core/history/events.ts';
import type { Random } from '../../core/random.ts';
import type { Chips } from '../devices/chips.ts';
import type { Device } from '../devices/device.ts';
import type { Loot } from '../attacks/loot.ts';
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
 * Everything that exists while one scenario runs, by the party that it belongs to. `createWorld` makes it, steps change it. A
 * step gets only the members that it declares: see `StepWorld`.
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

/** The members of a world that a step declares in `uses`. Every step can tell what a party did. */
export type StepWorld<Member extends keyof World = never> = Pick<World, Member | 'tell'>;

/**
 * Records an action of a party in the history. At a station, actions of the manufacturer are recorded for the party that runs
 * the station.
 */
type Tell = (party: Party, subject: string, sentence: string) => void;

/** The place at which the current step is done. */
interface Place {
  /** Undefined if the timeline names none. */
  readonly station: Station | undefined;
  /** Dates the things that the step makes: the clock of the station, or else the true time. */
  readonly clock: Clock;
}

/** The devices of a scenario, with their TPMs. */
interface WorldDevices {
  /** Contains each member of a fleet, but not the fleet itself. */
  readonly byName: ReadonlyMap<string, Device>;
  readonly chips: Chips;
  /**
   * Returns the device of that name, or the members of a fleet that left the production line as ordered: neither scrapped,
   * rejected nor surplus.
   *
   * @throws StepProblem if there is none.
   */
  select(name: string): readonly Device[];
}

/** The provisioning service, its hubs and the services that its operator runs or grants access to. */
export interface WorldCloud extends Pick<
  Cloud,
  'faults' | 'idScope' | 'operator' | 'ports' | 'serverRoot' | 'serverRoots' | 'serviceAccess' | 'otherTenants'
> {
  readonly settings: ScenarioHead['cloud'];
  /** The web service that custom allocation calls, if the scenario has one. */
  readonly webhook: WebhookStandIn | undefined;
  /** Keys of shared access policies that the operator gave to other parties, by the name of the policy. */
  readonly accessKeys: Map<string, { readonly key: Buffer; readonly rights: readonly AccessRight[] }>;
}

/** Certificate authorities and key material that the manufacturer has or orders. */
export interface WorldPki {
  readonly settings: ScenarioHead['pki'];
  readonly authorities: ReadonlyMap<string, Authority>;
  /** The vendors that run some of the authorities, by the name of the authority. */
  readonly vendors: ReadonlyMap<string, ThirdPartyPki>;
  /** Certificates that were ordered in advance, by the name of the order. */
  readonly batches: Map<string, StoredBatch>;
  /** Symmetric keys that several devices share, by name. */
  readonly sharedKeys: ReadonlyMap<string, Buffer>;
  /** Draws a serial number of 16 bytes from the seed. The same purpose gives the same number. */
  serialNumber(purpose: string): Buffer;
}

/** Certificates that were ordered in advance, and the location of their private keys. */
export interface StoredBatch {
  readonly certificates: Batch;
  readonly location: SecretLocation;
}

/** The possessions of attackers and their access to devices. */
interface AttackState {
  readonly random: Random;
  /** By the name that the scenario gives it. */
  readonly loot: Map<string, Loot>;
  readonly intruders: Intruders;
  readonly rogueServers: RogueServers;
}

/** Returns the same world at a station: the party of the station acts, and its clock dates the things that are made. */
export function worldAt(world: World, station: Station | undefined): World {
  if (station === undefined) return world;
  return {
    ...world,
    place: { station, clock: station.clock },
    tell: (party, subject, sentence) =>
      world.history.record({
        kind: 'deed',
        party: party === 'manufacturer' ? station.party : party,
        station: station.name,
        subject,
        sentence,
      }),
  };
}
