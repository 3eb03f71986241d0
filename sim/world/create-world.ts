import { serverCertificateSpan } from '../../core/time/calendar.ts';
import { isoInstant, parseInstant, SkewedClock, VirtualClock, type Millis } from '../../core/time/clock.ts';
import type { CheckId } from '../../core/checks.ts';
import type { Cloud, StartCloud } from '../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { issueCertificate, type KeyKind, type MintOrder } from '../../core/x509/mint/mint.ts';
import { addressOf } from './address-of.ts';
import { worldCloudWords } from './cloud-words.ts';
import type { RunController } from '../play/run-controller.ts';
import { Device } from '../devices/device.ts';
import { Chips } from '../devices/chips.ts';
import { RenewalState } from '../devices/renewal-state.ts';
import { hangUp } from '../devices/stay-connected.ts';
import { Intruders } from './intruders.ts';
import { RogueServers } from './rogue-servers.ts';
import { openFactory, type Factory } from './factory.ts';
import { Network } from './network.ts';
import type { KeyStore } from '../key-stores/key-store.ts';
import { SoftwareKeys } from '../key-stores/software-keys.ts';
import { StoreRoom, type MissingParts } from '../key-stores/store-room.ts';
import { mintAuthorities, type Authority, type SigningCertificate } from '../pki/authority.ts';
import { ThirdPartyPki } from '../pki/third-party.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { DeviceSpec } from '../scenario/schema.ts';
import { openStation, type Station } from './station.ts';
import { trustedRoots } from './trusted-roots.ts';
import { openWebhookStandIn } from './webhook-stand-in.ts';
import { allHubNames, hubHost, StepProblem, type World } from './world.ts';

/**
 * Builds all that a scenario names, at its first instant. Close the world, also after a failure of a step.
 *
 * @param options.sabotage a check that nobody in this world makes.
 * @param options.controller holds the time, and hears what happens.
 * @throws PartMissing where a key store lacks a part of this machine and `missingParts` is `skip`.
 */
export async function createWorld(
  scenario: Scenario,
  seed: string,
  startCloud: StartCloud,
  missingParts: MissingParts,
  {
    sabotage,
    controller,
  }: { readonly sabotage?: CheckId | undefined; readonly controller?: RunController | undefined } = {},
): Promise<World> {
  const start = parseInstant(scenario.start) ?? 0;
  const random = new Random(seed);
  const { clock, history } = startTime(start, sabotage, controller);
  const room = new StoreRoom(history, missingParts);
  const chips = new Chips(room);
  // Cheap and able to fail comes first: nothing of it has to be undone but the folder.
  const { authorities, stores } = await furnish(scenario, start, random, room, chips).catch((error: unknown) => {
    room.close();
    throw error;
  });
  const cloud = await startCloud({
    clock,
    random: random.fork('cloud'),
    history,
    // A device waits in its own time. Somebody who holds that up has none of his connections cut for it.
    patience: { idleMs: 0, admissionMs: 0 },
    ...worldCloudWords(scenario.cloud),
  });
  const factory = openFactory(history, scenario.cloud.fidelity);
  const devices = createDevices(stores, { clock, random: random.fork('devices'), cloud, factory });
  const vendors = openVendors(scenario, authorities, { clock, history, random: random.fork('vendors') });
  const webhook = scenario.cloud.webhook === undefined ? undefined : openWebhookStandIn(scenario.cloud.webhook);
  const rogueServers = new RogueServers();
  const world: World = {
    scenario,
    clock,
    random,
    history,
    cloud,
    webhook,
    network: new Network(clock, history, cloud, allHubNames(scenario.cloud).map(hubHost), {
      aliases: scenario.cloud.aliases,
      rogueServers,
    }),
    rogueServers,
    authorities,
    vendors,
    batches: new Map(),
    sharedKeys: new Map(scenario.keys.map((name) => [name, freshKey(64)])),
    devices,
    stations: openStations(scenario, clock),
    station: undefined,
    localClock: clock,
    factory,
    loot: new Map(),
    intruders: new Intruders(),
    papers: new Map(),
    accessKeys: new Map(),
    chips,
    warnings: () => [...warningsIn(devices, room), ...warningsAboutTime(start, clock.now())],
    select: (name) => select(name, scenario, devices, factory),
    tell: (party, subject, sentence) => history.record({ kind: 'deed', party, subject, sentence }),
    close: () => shut(world, room),
  };
  return world;
}

/** Devices hang up before the cloud goes, and the folder goes when nobody has a file in it any more. */
async function shut({ devices, rogueServers, webhook, vendors, chips, cloud }: World, room: StoreRoom): Promise<void> {
  for (const device of devices.values()) await hangUp(device);
  await rogueServers.close();
  webhook?.close();
  for (const vendor of vendors.values()) vendor.close();
  await chips.retire();
  await cloud.close();
  room.close();
}

function openVendors(
  { pki }: Scenario,
  authorities: ReadonlyMap<string, Authority>,
  place: { readonly clock: VirtualClock; readonly history: History; readonly random: Random },
): ReadonlyMap<string, ThirdPartyPki> {
  const vendors = new Map<string, ThirdPartyPki>();
  for (const [name, authority] of authorities) {
    const spec = pki[name];
    if (spec?.kind !== 'third-party') continue;
    vendors.set(name, new ThirdPartyPki({ ...place, authority, spec, random: place.random.fork(name) }));
  }
  return vendors;
}

/** A clock and a history that know each other: every jump of the time is on record. */
function startTime(
  start: Millis,
  sabotage: CheckId | undefined,
  controller: RunController | undefined,
): { readonly clock: VirtualClock; readonly history: History } {
  const onJump = (from: Millis, to: Millis): void => history.record({ kind: 'time-jumped', from, to });
  const hold = controller === undefined ? undefined : (from: Millis, to: Millis) => controller.beforeTimeJump(from, to);
  const clock: VirtualClock = new VirtualClock(start, onJump, hold);
  const onRecord = (): void => {
    const last = history.events().at(-1);
    if (last !== undefined) controller?.onEvent(last);
  };
  const history: History = new History(clock, { sabotage, onRecord });
  return { clock, history };
}

/** Names of the devices that one entry stands for: `sensor-1`, `sensor-2`, … for a fleet. */
function membersOf(name: string, spec: DeviceSpec): readonly string[] {
  return spec.count === undefined ? [name] : Array.from({ length: spec.count }, (_, index) => `${name}-${index + 1}`);
}

function select(
  name: string,
  scenario: Scenario,
  devices: ReadonlyMap<string, Device>,
  { stopped, offTheBooks }: Factory,
): readonly Device[] {
  const spec = scenario.devices[name];
  const names = spec === undefined ? [name] : membersOf(name, spec);
  // Who means a board from the scrap or one by the back door says its name.
  const isMeant = (member: string): boolean => member === name || (!stopped.has(member) && !offTheBooks.has(member));
  const chosen = names.filter(isMeant).flatMap((member) => devices.get(member) ?? []);
  if (chosen.length === 0) throw new StepProblem(`no device is called "${name}"`);
  return chosen;
}

function openStations({ stations }: Scenario, clock: VirtualClock): ReadonlyMap<string, Station> {
  return new Map(Object.entries(stations).map(([name, spec]) => [name, openStation(name, spec, clock)]));
}

/** Makes what the manufacturer starts with: its CAs, and an empty key store for each device. */
async function furnish(scenario: Scenario, start: Millis, random: Random, room: StoreRoom, chips: Chips) {
  const stores = new Map<string, StoreOf & { readonly spec: DeviceSpec }>();
  for (const [entry, spec] of Object.entries(scenario.devices)) {
    const keyStore = spec.keyStore ?? (spec.attestation === 'tpm' ? 'tpm' : 'file');
    for (const name of membersOf(entry, spec)) {
      const tpm = keyStore === 'tpm' ? chips.make(name, spec.ekTemplate, spec.tpmKind ?? 'discrete') : undefined;
      // A TPM attests with keys that it was born with; only a request for a certificate asks for another.
      const isBornWithAll = spec.attestation === 'tpm' && spec.credential === 'own';
      const keys = isBornWithAll ? new SoftwareKeys() : room.open(keyStore, name, tpm);
      stores.set(name, { spec, keyStore, tpm, keys });
    }
  }
  const authorities = await mintAuthorities(scenario.pki, start, random.fork('pki'), (name, kind, order) =>
    mintFromStore(room.open(scenario.pki[name]?.keyStore ?? 'file', name), kind, order),
  );
  return { authorities, stores };
}

async function mintFromStore(
  store: KeyStore,
  kind: KeyKind,
  order: Omit<MintOrder, 'keys'>,
): Promise<SigningCertificate> {
  const { publicKey, sign, handshake } = await store.makeKeyPair(kind);
  const keys = { kind, sign };
  const issued = await issueCertificate({ ...order, publicKey, issuer: order.issuer ?? { keys } });
  return { ...issued, keys, ...('keyPem' in handshake ? { keyPem: handshake.keyPem } : {}) };
}

type StoreOf = Pick<Device, 'keyStore' | 'keys' | 'tpm'>;

/** What devices are made from. */
interface DeviceSurroundings {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly cloud: Cloud;
  readonly factory: Factory;
}

function createDevices(
  stores: ReadonlyMap<string, StoreOf & { readonly spec: DeviceSpec }>,
  surroundings: DeviceSurroundings,
): ReadonlyMap<string, Device> {
  return new Map(
    [...stores].map(([name, { spec, ...store }], index): [string, Device] => [
      name,
      createDevice(name, spec, store, { ...surroundings, address: addressOf(index) }),
    ]),
  );
}

function createDevice(
  name: string,
  spec: DeviceSpec,
  { keyStore, keys, tpm }: StoreOf,
  place: DeviceSurroundings & { readonly address: string | undefined },
): Device {
  const clock = new SkewedClock(place.clock);
  if (spec.clockDrift !== 0) clock.drift(spec.clockDrift);
  const namedByChip = spec.registrationId === 'from-endorsement-key';
  const device = new Device(
    {
      name,
      attestation: spec.attestation,
      transport: spec.transport ?? (spec.attestation === 'tpm' ? 'https' : 'mqtt'),
      boot: spec.boot,
      ntp: spec.ntp,
      checksServerValidity: spec.checksServerValidity,
      trustsAnyone: spec.trustsAnyone,
      retry: spec.retry,
      credential: spec.credential,
      csrName: spec.csrName,
      random: place.random.fork(name),
      clock,
      keyStore,
      keys,
      address: place.address,
      tokenLifetime: spec.tokenLifetime,
      namedByChip,
      renewal: spec.renewal && new RenewalState(spec.renewal),
    },
    {
      tpm,
      registrationId: namedByChip ? undefined : registrationIdOf(name, spec),
      trustStore:
        spec.trustBundle === undefined ? [place.cloud.serverRoot] : trustedRoots(place.cloud, spec.trustBundle),
      // The right configuration, until a step flashes another.
      flash: { config: { idScope: place.cloud.idScope, endpoint: globalEndpoint } },
    },
  );
  place.factory.inDevices.follow(device);
  return device;
}

/** What is played as it is and would not be fit for production. */
function warningsIn(devices: ReadonlyMap<string, Device>, room: StoreRoom): readonly string[] {
  return [...[...devices.values()].flatMap(warningsAbout), ...room.models];
}

/** Devices that check dates refuse a server outside of the years of its certificate, which is no finding about the scenario. */
function warningsAboutTime(start: Millis, end: Millis): readonly string[] {
  const { notBefore, notAfter } = serverCertificateSpan;
  if (start >= notBefore && end <= notAfter) return [];
  return [
    `the timeline goes from ${isoInstant(start)} to ${isoInstant(end)}, and the server certificates of the mock are only valid from 2000 to 2099: outside of these years, devices that check dates refuse the servers (checksServerValidity: false ignores that)`,
  ];
}

function warningsAbout({ name, tpm }: Device): readonly string[] {
  return tpm?.kind === 'software'
    ? [`${name} has a software TPM, which is not for production: its keys are a file that can be copied`]
    : [];
}

/** Members of a fleet with an ID of its own are numbered like their names. */
function registrationIdOf(name: string, spec: DeviceSpec): string {
  if (spec.registrationId === undefined) return name;
  return spec.count === undefined ? spec.registrationId : `${spec.registrationId}${/-\d+$/.exec(name)?.[0] ?? ''}`;
}
