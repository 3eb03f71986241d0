import { isIP } from 'node:net';
import { defined } from '../../core/defined.ts';
import { AdvancingClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { listenerPorts } from '../../core/wire/listener-ports.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { eventHubNamespace } from '../../core/wire/event-hub-wire.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { cloudWords } from '../../sim/world/cloud-words.ts';
import type { Lab } from '../../sim/lab/load.ts';
import { faultRule } from '../../sim/scenario/words/fault-words.ts';
import type { WebhookStandIn } from '../../sim/world/webhook-stand-in.ts';
import { hubHost, hubNames } from '../../sim/world/hub-host.ts';
import { control } from './control-routes.ts';
import { openControlServer } from './control-server.ts';
import { enrollLab, tpmNames } from './enroll-lab.ts';
import { leadAfter, leadPart, leadPartName } from './lead-part.ts';
import { openLabFolder, type LabFolder } from './lab-folder.ts';
import { keptAuthorities, labAuthorities, writeAuthorities } from './lab-pki.ts';
import { openTpms } from './open-tpms.ts';
import { connectionString, toldTpms, type Ready } from './ready.ts';
import { portsIn } from './listener-ports.ts';
import { readyKeys } from './ready-keys.ts';
import { secretsOf } from './secrets.ts';
import type { ServeOptions } from './serve.ts';
import { readState, stateText, type LabState, type ReadState } from './state-file.ts';
import { StateKeeper } from './state-keeper.ts';

/** A lab that serves. */
export interface OpenLab {
  readonly ready: Ready;
  readonly clock: AdvancingClock;
  readonly cloud: Cloud;
  /** Returns a sentence if the last changes are not kept. */
  close(): Promise<string | undefined>;
}

/** Undoes what was opened, last first. */
type Closers = (() => Promise<void> | void)[];

/**
 * Opens all that a lab is made of, with what was kept of it.
 *
 * @returns a sentence where file, state and options do not fit together, or the state is damaged.
 * @throws PartMissing where a TPM is wanted and there is no swtpm, and Error of the system where a port cannot be had. What
 *   was opened until then is closed.
 */
export async function openLab(lab: Lab, options: ServeOptions): Promise<OpenLab | string> {
  const folder = await openLabFolder(options.state);
  if (typeof folder === 'string') return folder;
  const { state } = options;
  // Before the cloud: what it answers waits for the state from the first moment on.
  const keeper = state === undefined ? undefined : new StateKeeper({ path: state, folder: folder.path, tell: warn });
  const unkept = (): string | undefined =>
    keeper?.isAllKept === false
      ? `the last changes are not kept in ${state ?? ''}; no client was told that they are`
      : undefined;
  // The keeper ends after the cloud has closed, so that its last changes are in.
  const closers: Closers = [() => folder.close(), () => keeper?.end()];
  const close = async (): Promise<void> => {
    // One that fails must not keep the others open.
    const failures: unknown[] = [];
    for (const closeOne of closers.toReversed()) {
      try {
        await closeOne();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    // After the folder is held: another lab may have changed the state until then.
    const kept = keptBy(lab, options, folder);
    const opened = typeof kept === 'string' ? kept : await open(lab, kept, options, { folder, keeper, closers });
    if (typeof opened === 'string') {
      await close();
      return opened;
    }
    return { ...opened, close: async () => (await close(), unkept()) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What was kept of the lab, or why it does not go on with it. */
function keptBy(lab: Lab, { state }: ServeOptions, folder: LabFolder): ReadState | string {
  if (state === undefined) return { state: undefined, changes: [] };
  const read = readState(state, folder.path);
  if ('problem' in read) return read.problem;
  const misfit = read.state === undefined ? undefined : misfitOf(lab, read.state);
  if (misfit === undefined && read.warning !== undefined) warn(read.warning);
  return misfit ?? read;
}

interface OpenedBefore {
  readonly folder: LabFolder;
  /** Undefined if nothing is kept. */
  readonly keeper: StateKeeper | undefined;
  readonly closers: Closers;
}

async function open(
  lab: Lab,
  { state: kept, changes }: ReadState,
  options: ServeOptions,
  { folder, keeper, closers }: OpenedBefore,
): Promise<Omit<OpenLab, 'close'> | string> {
  const clock = new AdvancingClock(leadAfter(kept?.leadMs, changes));
  const random = new Random(lab.seed ?? freshKey(16).toString('hex'));
  const history = new History(clock, { limit: eventsKept });
  const tpms = await openTpms(tpmNames(options.tpm, lab), folder, warn);
  closers.push(async () => {
    await Promise.all(tpms.map((tpm) => tpm.close()));
  });
  const authorities = await labAuthorities(lab.pki, kept?.authorities ?? {}, clock.now(), random.fork('pki'));
  const keys = Object.fromEntries(lab.keys.map((name) => [name, kept?.keys[name] ?? freshKey(64)]));
  const cloud = await startCloud({
    clock,
    history,
    random: random.fork('cloud'),
    ...cloudWords(lab.cloud),
    listen: { host: options.host, ...portsIn(options) },
    serverNames: namesOf(lab, options),
    warn,
    ...(kept === undefined ? {} : { saved: kept.cloud, changes }),
    ...defined({ durability: keeper }),
  });
  closers.push(() => cloud.close());
  const webhook = await openWebhook(lab, kept?.webhookHost);
  closers.push(() => webhook?.close());
  const problem = enrollLab(lab, { cloud, authorities, keys, tpms, webhook });
  if (problem !== undefined) return problem;
  for (const words of lab.cloud.faults) cloud.faults.add(faultRule(words, words.registrationId));

  const lead = leadPart(clock);
  // The first time a failure ends the start; later the lab goes on and says that it cannot keep its state.
  await keeper?.start({
    makeText: () =>
      stateText({
        idScope: lab.cloud.idScope,
        hubs: hubNames(lab.cloud.hubs).map(hubHost),
        leadMs: clock.leadMs,
        authorities: keptAuthorities(authorities),
        keys,
        cloud: cloud.snapshot(),
        webhookHost: webhook?.host,
      }),
    parts: new Map([...cloud.parts, [leadPartName, lead]]),
  });
  const ca = folder.write('root.pem', toPem(cloud.serverRoot));
  const authorityKeys = writeAuthorities(authorities, folder);
  const secrets = () => secretsOf({ cloud, keys, authorityKeys, tpms, stateFile: options.state });
  const controlled = { clock, history, cloud, secrets, onAdvance: () => lead.changed() };
  const server = await openControlServer(options.controlPort, (request) => control(controlled, request), keeper);
  closers.push(() => server.close());
  const { policyName, key } = cloud.serviceAccess;
  const serviceAccess = { policyName, key: key.toString('base64') };
  const ready: Ready = {
    ready: true,
    idScope: cloud.idScope,
    address: options.host,
    hosts: {
      device: globalEndpoint,
      service: cloud.serviceAccess.host,
      hubs: Object.fromEntries(hubNames(lab.cloud.hubs).map((name) => [name, hubHost(name)])),
      events: eventHubNamespace,
    },
    serviceConnectionString: connectionString(cloud.serviceAccess.host, serviceAccess),
    hubConnectionStrings: Object.fromEntries(
      hubNames(lab.cloud.hubs).flatMap((name) => {
        const access = cloud.hubAccess.get(hubHost(name));
        return access === undefined ? [] : [[name, connectionString(hubHost(name), access)]];
      }),
    ),
    eventHubConnectionStrings: Object.fromEntries(
      hubNames(lab.cloud.hubs).map((name) => [name, cloud.eventHubConnectionStrings.get(hubHost(name)) ?? '']),
    ),
    uploadContainers: Object.fromEntries(
      hubNames(lab.cloud.hubs).map((name) => [name, containerUrl(cloud, hubHost(name))]),
    ),
    ports: cloud.ports,
    ca,
    control: server.url,
    controlToken: server.token,
    names: namesOf(lab, options),
    keys: readyKeys(lab, cloud),
    tpms: toldTpms(tpms),
    state: options.state ?? null,
  };
  return { ready, clock, cloud };
}

function containerUrl({ ports, uploadContainers }: Cloud, host: string): string {
  const port = ports.https === listenerPorts.https ? '' : `:${ports.https}`;
  return `https://${host}${port}${uploadContainers.get(host) ?? ''}`;
}

/** What the server certificate is made for beside the names of Azure: also an address that the lab is told to listen at. */
function namesOf({ serverNames }: Lab, { name, host }: ServeOptions): readonly string[] {
  const address = isIP(host) === 0 || ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? [] : [host];
  return [...new Set([...serverNames, ...name, ...address].map((each) => each.toLowerCase()))];
}

/** Loaded where there is one: it takes a while, and most labs have none. */
async function openWebhook({ cloud }: Lab, host: string | undefined): Promise<WebhookStandIn | undefined> {
  if (cloud.webhook === undefined) return undefined;
  const { openWebhookStandIn } = await import('../../sim/world/webhook-stand-in.ts');
  return openWebhookStandIn(cloud.webhook, host);
}

function warn(sentence: string): void {
  process.stderr.write(`warning: ${sentence}\n`);
}

/** How many events a lab remembers. */
const eventsKept = 10_000;

/** Why a state cannot go on with this lab. */
function misfitOf(lab: Lab, kept: LabState): string | undefined {
  if (kept.idScope !== lab.cloud.idScope) {
    return `the state belongs to ID scope ${kept.idScope}, the lab has ${lab.cloud.idScope}; devices know one only`;
  }
  const hubs = hubNames(lab.cloud.hubs).map(hubHost);
  const lost = kept.hubs.filter((host) => !hubs.includes(host));
  return lost.length === 0
    ? undefined
    : `the state holds devices of ${lost.join(', ')}, which the lab does not have any more; add them under cloud: hubs, or start another state`;
}
