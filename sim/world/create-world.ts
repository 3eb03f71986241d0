import { defined } from '../../core/defined.ts';
import { serverCertificateSpan } from '../../core/time/calendar.ts';
import { isoInstant, parseInstant, VirtualClock, type Millis } from '../../core/time/clock.ts';
import type { CheckId } from '../../core/checks.ts';
import type { Cloud, StartCloud } from '../../core/cloud/cloud.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { issueCertificate, type MintOrder } from '../../core/x509/mint/mint.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import type { RunController } from '../play/run-controller.ts';
import { Chips } from '../devices/chips.ts';
import type { Device } from '../devices/device.ts';
import { disconnect } from '../devices/stay-connected.ts';
import type { KeyStore } from '../key-stores/key-store.ts';
import { WorldKeyStores, type MissingParts } from '../key-stores/world-key-stores.ts';
import { mintAuthorities, type Authority, type SigningCertificate } from '../pki/authority.ts';
import { ThirdPartyPki } from '../pki/third-party.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import { worldCloudWords } from './cloud-words.ts';
import { createDevices, planDevices, type DevicePlan } from './create-devices.ts';
import { createFleets } from './create-fleets.ts';
import { openFactory, type Factory } from './factory.ts';
import { allHubNames, hubHost } from './hub-host.ts';
import { Intruders } from './attacker/intruders.ts';
import { membersOf } from './members-of.ts';
import { Network } from './network.ts';
import { RogueServers } from './attacker/rogue-servers.ts';
import { StepProblem } from './step-problem.ts';
import { loadInterception } from './third-parties.ts';
import { openWebhookStandIn, type WebhookStandIn } from './webhook-stand-in.ts';
import { tpmPool } from '../tpm/tpm-pool.ts';
import type { World, WorldCloud, WorldPki } from './world.ts';

/** A world, and the functions that only its owner calls. */
export interface OpenWorld {
  readonly world: World;
  /** Returns one sentence for each part of this world that is unfit for production or only a model. */
  readonly warnings: () => readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Creates the world of a scenario at its first instant. The caller must close it, even if a step fails.
 * @param options.sabotage check that is disabled in this world.
 * @param options.controller receives each event and can delay each jump of the clock.
 * @param options.allByWire true if every visit to a hub opens a connection, even if nothing has changed since the last visit.
 * @throws PartMissing if a key store needs a program or library that is not installed and `missingParts` is `skip`.
 */
export async function createWorld(
  scenario: ScenarioHead,
  seed: string,
  startCloud: StartCloud,
  missingParts: MissingParts,
  {
    sabotage,
    controller,
    allByWire = false,
  }: {
    readonly sabotage?: CheckId | undefined;
    readonly controller?: RunController | undefined;
    readonly allByWire?: boolean;
  } = {},
): Promise<OpenWorld> {
  const start = parseInstant(scenario.start) ?? 0;
  const random = new Random(seed);
  const { clock, history } = startTime(start, sabotage, controller);
  const keyStores = new WorldKeyStores(history, missingParts);
  const chips = new Chips(keyStores, tpmPool);
  // These parts can fail and are cheap, so they come first. If they fail, only the folder must be removed.
  const { authorities, plans } = await openKeyStores(scenario, start, random, keyStores, chips).catch(
    (error: unknown) => {
      keyStores.close();
      throw error;
    },
  );
  const cloud = await startCloud({
    clock,
    random: random.fork('cloud'),
    history,
    // Client timeouts are off. A device waits in virtual time, which a run controller can pause, and no connection may be closed meanwhile.
    clientTimeouts: { idleMs: 0, admissionMs: 0 },
    ...worldCloudWords(scenario.cloud),
  });
  const factory = openFactory(history, random, scenario, clock);
  const surroundings = { clock, random: random.fork('devices'), cloud, factory };
  const devices = createDevices(plans, surroundings);
  const webhook = await openWebhook(scenario);
  const rogueServers = new RogueServers();
  const hubs = allHubNames(scenario.cloud).map(hubHost);
  const fleets = createFleets(scenario, random.fork('fleets'), { ...surroundings, authorities }, devices.size);
  const world: World = {
    clock,
    history,
    tell: (party, subject, sentence, certificates) =>
      history.record({
        kind: 'deed',
        party,
        subject,
        sentence,
        ...defined({ certificates: certificates && history.certificates.keep(certificates) }),
      }),
    place: { station: undefined, clock },
    devices: { byName: devices, chips, fleets, select: (name) => select(name, scenario, devices, factory) },
    cloud: worldCloud(cloud, scenario.cloud, webhook),
    network: new Network(clock, history, cloud, hubs, {
      aliases: scenario.cloud.aliases,
      rogueServers,
      direct: cloud.direct,
      // With a controller, no visit is quiet, so that a viewer sees every visit.
      visitHub: allByWire || controller !== undefined ? undefined : (visit) => cloud.visitHub(visit),
    }),
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

/** Devices disconnect before the cloud closes. The folder is removed last, when no process uses a file in it. */
async function close(
  { devices, attack, cloud: { webhook }, pki }: World,
  cloud: Pick<Cloud, 'close'>,
  keyStores: WorldKeyStores,
): Promise<void> {
  for (const device of devices.byName.values()) await disconnect(device);
  await attack.rogueServers.close();
  webhook?.close();
  for (const vendor of pki.vendors.values()) vendor.close();
  await devices.chips.retire();
  await cloud.close();
  keyStores.close();
}

function worldCloud(
  { faults, fleetRules, idScope, operator, ports, serverRoot, serverRoots, serviceAccess, otherTenants }: Cloud,
  settings: ScenarioHead['cloud'],
  webhook: WebhookStandIn | undefined,
): WorldCloud {
  const cloud = { faults, fleetRules, idScope, operator, ports, serverRoot, serverRoots, serviceAccess, otherTenants };
  return { ...cloud, settings, webhook, accessKeys: new Map() };
}

/** Opens the webhook of a scenario. Also loads the interception of `fetch` if only a vendor needs it, which `openPki` opens later. */
async function openWebhook({ cloud, pki }: ScenarioHead): Promise<WebhookStandIn | undefined> {
  const hasVendor = Object.values(pki).some((authority) => authority?.kind === 'third-party');
  if (cloud.webhook !== undefined || hasVendor) await loadInterception();
  return cloud.webhook === undefined ? undefined : openWebhookStandIn(cloud.webhook);
}

function openPki(
  { pki: settings, keys }: ScenarioHead,
  authorities: ReadonlyMap<string, Authority>,
  { clock, history, random }: { readonly clock: VirtualClock; readonly history: History; readonly random: Random },
): WorldPki {
  const vendors = new Map<string, ThirdPartyPki>();
  for (const [name, authority] of authorities) {
    const spec = settings[name];
    if (spec?.kind !== 'third-party') continue;
    const draw = random.fork('vendors').fork(name);
    vendors.set(name, new ThirdPartyPki({ clock, history, authority, spec, random: draw }));
  }
  return {
    settings,
    authorities,
    vendors,
    batches: new Map(),
    sharedKeys: new Map(keys.map((name) => [name, freshKey(64)])),
    serialNumber: (purpose) => random.fork(purpose).bytes(16),
  };
}

/** Creates the clock and the history. Each event gets its time from the clock, and each jump of the clock is an event. */
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

function select(
  name: string,
  scenario: ScenarioHead,
  devices: ReadonlyMap<string, Device>,
  { stopped, offTheBooks }: Factory,
): readonly Device[] {
  const spec = scenario.devices[name];
  const names = spec === undefined ? [name] : membersOf(name, spec);
  // A fleet name excludes scrapped, rejected and surplus units. Only the name of such a unit selects it.
  const isMeant = (member: string): boolean => member === name || (!stopped.has(member) && !offTheBooks.has(member));
  const chosen = names.filter(isMeant).flatMap((member) => devices.get(member) ?? []);
  if (chosen.length > 0) return chosen;
  throw new StepProblem(
    spec === undefined
      ? `no device is called "${name}"; add it under \`devices:\` or name another`
      : `no unit of "${name}" is in the field: the line scrapped or rejected each unit, or built it beyond the order; name a single unit`,
  );
}

/** Mints the CAs of the manufacturer, and opens an empty key store for each device. */
async function openKeyStores(
  { devices, pki }: ScenarioHead,
  start: Millis,
  random: Random,
  keyStores: WorldKeyStores,
  chips: Chips,
): Promise<{ readonly authorities: ReadonlyMap<string, Authority>; readonly plans: ReadonlyMap<string, DevicePlan> }> {
  const plans = planDevices(devices, keyStores, chips);
  const authorities = await mintAuthorities(pki, start, random.fork('pki'), (name, kind, order) =>
    mintFromStore(keyStores.open(pki[name]?.keyStore ?? 'file', name), kind, order),
  );
  return { authorities, plans };
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

/** Returns warnings about parts that a run accepts although they are unfit for production. */
function warningsIn(devices: ReadonlyMap<string, Device>, keyStores: WorldKeyStores): readonly string[] {
  return [...[...devices.values()].flatMap(warningsAbout), ...keyStores.models];
}

/**
 * Returns a warning if the timeline leaves the years in which server certificates are valid. Devices that check dates then reject the
 * servers, and this says nothing about the scenario.
 */
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
