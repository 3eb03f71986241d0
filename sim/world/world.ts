import type { CheckId } from '../../core/checks.ts';
import type { Cloud, StartCloud } from '../../core/cloud/cloud.ts';
import { defined } from '../../core/defined.ts';
import type { HistoryEvent, Party } from '../../core/history/events.ts';
import { History } from '../../core/history/history.ts';
import { Random } from '../../core/random.ts';
import { parseInstant, VirtualClock, type Clock, type Millis } from '../../core/time/clock.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import type { Loot } from '../attacks/loot.ts';
import { Chips } from '../devices/chips.ts';
import type { Device } from '../devices/device.ts';
import { disconnect } from '../devices/stay-connected.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { WorldKeyStores, type MissingParts } from '../key-stores/world-key-stores.ts';
import { mintFromStores, type Authority } from '../pki/authority.ts';
import { openPrograms } from '../programs/open-programs.ts';
import { Programs } from '../programs/programs.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';
import { programsIn } from '../programs/programs-in.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import { tpmPool } from '../tpm/tpm-pool.ts';
import { Intruders } from './attacker/intruders.ts';
import { RogueServers } from './attacker/rogue-servers.ts';
import { createDevices, planDevices, selectDevices, type DevicePlan } from './create-devices.ts';
import { createFleets } from './create-fleets.ts';
import { openFactory, type Factory } from './factory.ts';
import { allHubNames, hubHost } from './hub-host.ts';
import { Network } from './network.ts';
import type { Station } from './station.ts';
import { warningsAboutTime, warningsIn } from './warnings.ts';
import { openCloud, type PlannedSteps, type WorldCloud } from './world-cloud.ts';
import { openPki, type WorldPki } from './world-pki.ts';

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

/** The part of a simulated world that a step gets: the members in its `uses`, and `tell`, which records an action of a party. */
export type StepWorld<Member extends keyof World = never> = Pick<World, Member | 'tell'>;

/**
 * Records an action of a party in the history. At a station, records the party that operates the station instead of the manufacturer.
 * `certificates` are those that the action created.
 */
type Tell = (party: Party, subject: string, sentence: string, certificates?: readonly Certificate[]) => void;

/** The place of the current step: a station and its clock. */
interface Place {
  /** The station of the current step; undefined if the timeline names no station. */
  readonly station: Station | undefined;
  /** The clock that dates everything the step makes: the clock of the station, or the true time without a station. */
  readonly clock: Clock;
}

/** The devices of a scenario and their TPMs. */
interface WorldDevices {
  /** All devices by name. A fleet is present only through its members. */
  readonly byName: ReadonlyMap<string, Device>;
  readonly chips: Chips;
  /** The fleets with `tier: numbers`, by their names under `devices`. Their devices are not in `byName`. */
  readonly fleets: ReadonlyMap<string, Fleet>;
  /** The programs that run in place of simulated devices. */
  readonly programs: Programs;
  /**
   * Returns the device with this name. For a fleet, returns the members that left the production line as ordered: neither scrapped,
   * rejected nor surplus.
   * @throws StepProblem if no such device exists.
   */
  select(name: string): readonly Device[];
}

/** The loot of attackers and their access to devices. */
interface AttackState {
  readonly random: Random;
  /** Loot by the name that the scenario gives it. */
  readonly loot: Map<string, Loot>;
  readonly intruders: Intruders;
  readonly rogueServers: RogueServers;
}

/** A simulated world, and the functions that only the code that created the world calls. */
export interface OpenWorld {
  readonly world: World;
  /** Returns one sentence for each part of this world that is unfit for production or only a model. */
  readonly warnings: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Watches a world. */
interface Watcher {
  /** Receives each event as soon as the history records it. */
  onEvent(event: HistoryEvent): void;
  /** The world calls this method before each jump of the clock. The clock waits for the promise. */
  beforeTimeJump(from: Millis, to: Millis): Promise<void>;
}

/**
 * Creates the world of a scenario at its first instant. The caller must close it, even if a step fails.
 * @param options.sabotage check that is disabled in this world.
 * @param options.controller receives each event and can delay each jump of the clock.
 * @param options.allByWire true if every visit to a hub opens a connection, even if nothing has changed since the last visit.
 * @param options.onBroken receives each helper program of the world that crashes or fails.
 * @param options.file path of the scenario file. Programs of devices are relative to its folder.
 * @throws PartMissing if a key store needs a program or library that is not installed and `missingParts` is `skip`.
 */
export async function createWorld(
  scenario: ScenarioHead & PlannedSteps,
  seed: string,
  startCloud: StartCloud,
  missingParts: MissingParts,
  options: WorldOptions = {},
): Promise<OpenWorld> {
  const start = parseInstant(scenario.start) ?? 0;
  const random = new Random(seed);
  const { sabotage, controller, onBroken } = options;
  const { clock, history, programs } = startTime(start, sabotage, controller, programsIn(scenario).length > 0);
  const keyStores = new WorldKeyStores(history, missingParts, onBroken);
  const chips = new Chips(keyStores, tpmPool, onBroken);
  const { authorities, plans } = await openKeyStores(scenario, start, random, keyStores, chips);
  const { cloud, worldCloud } = await openCloud(scenario, startCloud, {
    clock,
    random: random.fork('cloud'),
    history,
    onTelemetry: (hub, deviceId) => programs.onTelemetry(hub, deviceId),
  });
  const parts = { start, random, clock, history, programs, keyStores, chips, authorities, plans, cloud, worldCloud };
  try {
    return assemble(scenario, parts, options);
  } catch (error) {
    // The caller gets no world that it could close.
    worldCloud.webhook?.close();
    await cloud.close();
    keyStores.close();
    throw error;
  }
}

interface WorldOptions {
  readonly sabotage?: CheckId | undefined;
  readonly controller?: Watcher | undefined;
  readonly allByWire?: boolean;
  readonly onBroken?: RecordBroken;
  readonly file?: string;
}

/** The parts of a world that are open before its devices exist. */
interface OpenParts {
  readonly start: Millis;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly history: History;
  readonly programs: Programs;
  readonly keyStores: WorldKeyStores;
  readonly chips: Chips;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly plans: ReadonlyMap<string, DevicePlan>;
  readonly cloud: Cloud;
  readonly worldCloud: WorldCloud;
}

function assemble(
  scenario: ScenarioHead & PlannedSteps,
  parts: OpenParts,
  { controller, allByWire = false, file = '.' }: WorldOptions,
): OpenWorld {
  const { start, random, clock, history, programs, keyStores, chips, authorities, plans, cloud, worldCloud } = parts;
  const factory = openFactory(history, random, scenario, clock);
  const surroundings = { clock, random: random.fork('devices'), cloud };
  const devices = createDevices(plans, surroundings);
  const makeFolder = (name: string): string => keyStores.subdirectory(name);
  openPrograms(programs, scenario, { clock, history, cloud, devices, file, makeFolder });
  const fleets = createFleets(scenario, random.fork('fleets'), { ...surroundings, authorities, factory }, devices.size);
  const rogueServers = new RogueServers();
  const network = new Network(clock, history, cloud, allHubNames(scenario.cloud).map(hubHost), {
    aliases: scenario.cloud.aliases,
    rogueServers,
    direct: cloud.direct,
    // If a controller watches, every visit opens a connection, so that a viewer sees every visit.
    visitHub: allByWire || controller !== undefined ? undefined : (visit) => cloud.visitHub(visit),
  });
  const world: World = {
    clock,
    history,
    tell: tellAt(history, undefined),
    place: { station: undefined, clock },
    devices: {
      byName: devices,
      chips,
      fleets,
      programs,
      select: (name) => selectDevices(name, scenario, devices, factory),
    },
    cloud: worldCloud,
    network,
    factory,
    pki: openPki(scenario, authorities, { clock, history, random }),
    attack: { random, loot: new Map(), intruders: new Intruders(), rogueServers },
  };
  return {
    world,
    warnings: () => [...warningsIn(devices, keyStores), ...warningsAboutTime(start, clock.now())],
    close: () => close(world, cloud, keyStores),
  };
}

/**
 * Creates the clock and the history. Each event gets its time from the clock, and each jump of the clock is an event. Before a jump, the
 * controller may pause the run, and programs work until they sleep.
 */
function startTime(
  start: Millis,
  sabotage: CheckId | undefined,
  controller: Watcher | undefined,
  hasPrograms: boolean,
): { readonly clock: VirtualClock; readonly history: History; readonly programs: Programs } {
  const onJump = (from: Millis, to: Millis): void => history.record({ kind: 'time-jumped', from, to });
  const hold = async (from: Millis, to: Millis): Promise<Millis | undefined> => {
    if (from < to) await controller?.beforeTimeJump(from, to);
    return hasPrograms ? programs.beforeTimeJump(from, to) : undefined;
  };
  const isHeld = controller !== undefined || hasPrograms;
  const clock: VirtualClock = new VirtualClock(start, onJump, isHeld ? hold : undefined);
  const onRecord = (): void => {
    const last = history.events().at(-1);
    if (last === undefined) return;
    controller?.onEvent(last);
    if (hasPrograms) programs.onEvent(last);
  };
  const history: History = new History(clock, { sabotage, onRecord });
  const programs: Programs = new Programs(history);
  return { clock, history, programs };
}

/**
 * Mints the CAs of the manufacturer, and opens an empty key store for each device. Closes all key stores if one of them cannot be opened.
 */
async function openKeyStores(
  { devices, pki }: ScenarioHead,
  start: Millis,
  random: Random,
  keyStores: WorldKeyStores,
  chips: Chips,
): Promise<{ readonly authorities: ReadonlyMap<string, Authority>; readonly plans: ReadonlyMap<string, DevicePlan> }> {
  try {
    const plans = planDevices(devices, keyStores, chips);
    return { plans, authorities: await mintFromStores(pki, start, random.fork('pki'), keyStores) };
  } catch (error) {
    keyStores.close();
    throw error;
  }
}

/** Devices disconnect before the cloud closes. The removal of the folder comes last, when no process uses a file in it. */
async function close(
  { devices, attack, cloud: { webhook }, pki }: World,
  cloud: Pick<Cloud, 'close'>,
  keyStores: WorldKeyStores,
): Promise<void> {
  await devices.programs.close();
  for (const device of devices.byName.values()) await disconnect(device);
  await attack.rogueServers.close();
  webhook?.close();
  for (const vendor of pki.vendors.values()) vendor.close();
  await devices.chips.retire();
  await cloud.close();
  keyStores.close();
}

/**
 * Returns the same world at a station. The party of the station then acts, and the clock of the station dates everything that the party
 * makes.
 */
export function worldAt(world: World, station: Station | undefined): World {
  if (station === undefined) return world;
  return { ...world, place: { station, clock: station.clock }, tell: tellAt(world.history, station) };
}

function tellAt(history: History, station: Station | undefined): Tell {
  return (party, subject, sentence, certificates) =>
    history.record({
      kind: 'deed',
      party: station !== undefined && party === 'manufacturer' ? station.party : party,
      ...defined({ station: station?.name }),
      subject,
      sentence,
      ...defined({ certificates: certificates && history.certificates.keep(certificates) }),
    });
}
