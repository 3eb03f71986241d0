import type { AccessRight } from '../../core/wire/access-right.ts';
import type { Clock, VirtualClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { History } from '../../core/history/history.ts';
import type { Party } from '../../core/history/events.ts';
import type { Random } from '../../core/random.ts';
import type { Chips } from '../devices/chips.ts';
import type { Device } from '../devices/device.ts';
import type { Loot } from '../attacks/loot.ts';
import type { Intruders } from './intruders.ts';
import type { RogueServers } from './rogue-servers.ts';
import type { Factory } from './factory.ts';
import type { Network } from './network.ts';
import type { Authority } from '../pki/authority.ts';
import type { Batch } from '../pki/batch.ts';
import type { ThirdPartyPki } from '../pki/third-party.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { HubSpec, ScenarioHead } from '../scenario/schema.ts';
import type { SecretLocation } from '../secrets/secrets-ledger.ts';
import type { Station } from './station.ts';
import type { WebhookStandIn } from './webhook-stand-in.ts';

/** A batch, and where it lies. */
export interface StoredBatch {
  readonly certificates: Batch;
  readonly drawer: SecretLocation;
}

/** Everything that exists while one scenario is played. Made by `createWorld`, changed by steps. */
export interface World {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly history: History;
  readonly cloud: Cloud;
  /** The web service that custom allocation asks, where the scenario has one. */
  readonly webhook: WebhookStandIn | undefined;
  readonly network: Network;
  /** What attackers answer for in it. */
  readonly rogueServers: RogueServers;
  readonly authorities: ReadonlyMap<string, Authority>;
  /** Those of the authorities that a vendor runs. */
  readonly vendors: ReadonlyMap<string, ThirdPartyPki>;
  /** Certificates that were made ahead, by the name of their order. */
  readonly batches: Map<string, StoredBatch>;
  /** Symmetric keys that the manufacturer made to share, by name. */
  readonly sharedKeys: ReadonlyMap<string, Buffer>;
  /** Fleets are spread into their members. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly stations: ReadonlyMap<string, Station>;
  /** Where the present step is done; undefined where the timeline does not say. */
  readonly station: Station | undefined;
  /** Dates what the present step makes: the clock of its station, else the true time. */
  readonly localClock: Clock;
  readonly factory: Factory;
  /** What attackers hold, by the name it was taken under. */
  readonly loot: Map<string, Loot>;
  /** Texts that one party handed to another, by what they are. */
  readonly papers: Map<string, string>;
  /** What others were given of shared access policies, by the name of the policy. */
  readonly accessKeys: Map<string, { readonly key: Buffer; readonly rights: readonly AccessRight[] }>;
  readonly chips: Chips;
  /** What of this world is not fit for production, in sentences. */
  warnings(): readonly string[];
  readonly intruders: Intruders;
  /** The device of that name, or the members of the fleet of that name which did not end at the line. */
  select(name: string): readonly Device[];
  /** Notes what somebody did; at a station it was who works there where it is told of the manufacturer. */
  tell(party: Party, subject: string, sentence: string): void;
  close(): Promise<void>;
}

/** The same world as seen from a station: who works there does what is done, and its clock dates what is made. */
export function worldAt(world: World, station: Station | undefined): World {
  if (station === undefined) return world;
  return {
    ...world,
    station,
    localClock: station.clock,
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

export { StepProblem } from './step-problem.ts';

/** Names of the hubs of a scenario. */
export function hubNames(hubs: readonly HubSpec[]): readonly string[] {
  return hubs.map((hub) => (typeof hub === 'string' ? hub : hub.name));
}

/** Names of every hub that devices can be sent to, in whoever's service. */
export function allHubNames({ hubs, strangers }: ScenarioHead['cloud']): readonly string[] {
  return [...hubNames(hubs), ...Object.values(strangers).map(({ hub }) => hub)];
}

/** Host name of a hub of the scenario. */
export function hubHost(name: string): string {
  return `${name.toLowerCase()}.azure-devices.net`;
}
