import { furtherHubNames } from './further-hub-names.ts';
import { isIP } from 'node:net';
import { defined } from '../../core/defined.ts';
import { done, failed, type Result, succeeded } from '../../core/result.ts';
import { AdvancingClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { listenerPorts } from '../../core/wire/listener-ports.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { eventHubNamespace } from '../../core/wire/event-hub-wire.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { cloudWords } from '../../sim/world/world-cloud.ts';
import type { Lab } from '../../sim/lab/load.ts';
import { faultRule } from '../../sim/scenario/words/fault-words.ts';
import type { WebhookStandIn } from '../../sim/world/webhook-stand-in.ts';
import { hubHost, hubNames } from '../../sim/world/hub-host.ts';
import { control } from './control/control-routes.ts';
import { openControlServer } from './control/control-server.ts';
import { enrollLab, tpmNames } from './enroll-lab.ts';
import { leadAfter, leadPart, leadPartName } from './state/lead-part.ts';
import { openLabFolder, type LabFolder } from './lab-folder.ts';
import { keptAuthorities, labAuthorities, writeAuthorities } from './lab-pki.ts';
import { openTpms } from './open-tpms.ts';
import { connectionString, readyTpms, type Ready } from './ready.ts';
import { portsIn } from './listener-ports.ts';
import { readyKeys } from './ready-keys.ts';
import { secretsOf } from './secrets.ts';
import type { ServeOptions } from './serve-options.ts';
import { readState, stateText, type LabState, type ReadState } from './state/state-file.ts';
import { StateKeeper } from './state/state-keeper.ts';
import { EventFeed } from './watch/event-feed.ts';
import { EventStreams } from './watch/event-streams.ts';

/** A running lab. */
export interface OpenLab {
  readonly ready: Ready;
  readonly clock: AdvancingClock;
  readonly cloud: Cloud;
  readonly feed: EventFeed;
  /** Closes the lab. Fails if the last changes were not saved. */
  close(): Promise<Result<undefined>>;
}

/** Functions that close the opened parts, to be called in reverse order. */
type Closers = (() => Promise<void> | void)[];

/**
 * Opens all parts of a lab, with its saved state. Fails if lab file, state and options conflict, or the state is damaged.
 *
 * @throws PartMissing if the lab needs a TPM and swtpm is not installed. Error of the system if a port cannot be opened. In both cases
 *   the parts that were opened before are closed.
 */
export async function openLab(lab: Lab, options: ServeOptions): Promise<Result<OpenLab>> {
  const opened = await openLabFolder(options.state);
  if (!opened.ok) return opened;
  const folder = opened.value;
  const { state } = options;
  // The keeper is created before the cloud, because each answer of the cloud waits until the keeper has saved the state.
  const keeper = state === undefined ? undefined : new StateKeeper({ path: state, folder: folder.path, tell: warn });
  const checkSaved = (): Result<undefined> =>
    keeper?.isAllKept === false
      ? failed(
          'not-saved',
          `the last changes were not saved to ${state ?? ''}; no client received a success response for them`,
        )
      : done;
  // Closing runs in reverse order: the keeper ends after the cloud has closed, so that the keeper saves the last changes of the cloud.
  const closers: Closers = [() => folder.close(), () => keeper?.end()];
  const close = async (): Promise<void> => {
    // If one part cannot be closed, the other parts must still be closed.
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
    // The state is read only after the folder is locked, because another lab may change the state until then.
    const saved = savedStateOf(lab, options, folder);
    const running = saved.ok ? await open(lab, saved.value, options, { folder, keeper, closers }) : saved;
    if (!running.ok) {
      await close();
      return running;
    }
    return succeeded({ ...running.value, close: async () => (await close(), checkSaved()) });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the saved state of the lab. Fails if the lab file does not match this state. */
function savedStateOf(lab: Lab, { state }: ServeOptions, folder: LabFolder): Result<ReadState> {
  if (state === undefined) return succeeded({ state: undefined, changes: [] });
  const read = readState(state, folder.path);
  if (!read.ok) return read;
  const matched = read.value.state === undefined ? done : checkMatches(lab, read.value.state);
  if (!matched.ok) return matched;
  if (read.value.warning !== undefined) warn(read.value.warning);
  return read;
}

interface OpenedBefore {
  readonly folder: LabFolder;
  /** Saves the state of the lab; undefined if the lab has no state file. */
  readonly keeper: StateKeeper | undefined;
  readonly closers: Closers;
}

async function open(
  lab: Lab,
  { state: kept, changes }: ReadState,
  options: ServeOptions,
  { folder, keeper, closers }: OpenedBefore,
): Promise<Result<Omit<OpenLab, 'close'>>> {
  const clock = new AdvancingClock(leadAfter(kept?.leadMs, changes));
  const random = new Random(lab.seed ?? freshKey(16).toString('hex'));
  const feed = new EventFeed();
  const history = new History(clock, { limit: eventsKept, onRecord: (event) => feed.take(event) });
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
    ...defined({ tlsProfile: options.tls ?? lab.cloud.tls }),
    listen: { host: options.host, ...portsIn(options) },
    serverNames: namesOf(lab, options),
    warn,
    ...(kept === undefined ? {} : { saved: kept.cloud, changes }),
    ...defined({ durability: keeper }),
  });
  closers.push(() => cloud.close());
  const webhook = await openWebhook(lab, kept?.webhookHost);
  closers.push(() => webhook?.close());
  const enrolled = enrollLab(lab, { cloud, authorities, keys, tpms, webhook });
  if (!enrolled.ok) return enrolled;
  for (const words of lab.cloud.faults) cloud.faults.add(faultRule(words, words.registrationId));

  const lead = leadPart(clock);
  // A failure of the first save ends the start. After a later failure the lab continues and prints a warning.
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
  const ca = folder.write('root.pem', cloud.usedServerRoots.map(toPem).join(''));
  const authorityKeys = writeAuthorities(authorities, folder);
  const secrets = () => secretsOf({ cloud, keys, authorityKeys, tpms, stateFile: options.state });
  const hubs = Object.fromEntries(hubNames(lab.cloud.hubs).map((name) => [name, hubHost(name)]));
  const controlled = {
    clock,
    history,
    cloud,
    secrets,
    streams: new EventStreams(feed, warn),
    parts: {
      idScope: cloud.idScope,
      hubs,
      hubNames: furtherHubNames(hubs, options.tls ?? lab.cloud.tls),
      tpms: readyTpms(tpms),
    },
    onAdvance: () => lead.changed(),
  };
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
      hubs: controlled.parts.hubs,
      hubNames: controlled.parts.hubNames,
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
    entra: {
      authorityHost: `https://localhost:${cloud.ports.https}`,
      tenantId: cloud.entra.tenantId,
      applications: Object.fromEntries(
        cloud.entra.applications.map(({ name, clientId, clientSecret, roles }) => [
          name,
          { clientId, clientSecret, roles },
        ]),
      ),
    },
    ports: cloud.ports,
    ca,
    control: server.url,
    page: `${server.url}/#token=${server.token}`,
    controlToken: server.token,
    names: namesOf(lab, options),
    keys: readyKeys(lab, cloud),
    tpms: controlled.parts.tpms,
    state: options.state ?? null,
  };
  return succeeded({ ready, clock, cloud, feed });
}

function containerUrl({ ports, uploadContainers }: Cloud, host: string): string {
  const port = ports.https === listenerPorts.https ? '' : `:${ports.https}`;
  return `https://${host}${port}${uploadContainers.get(host) ?? ''}`;
}

/** Returns the names in the server certificate that are not names of Azure, including the address at which the lab listens. */
function namesOf({ serverNames }: Lab, { name, host }: ServeOptions): readonly string[] {
  const address = isIP(host) === 0 || ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? [] : [host];
  return [...new Set([...serverNames, ...name, ...address].map((each) => each.toLowerCase()))];
}

/** Loads the webhook module only if the lab has a webhook, because loading takes a while. */
async function openWebhook({ cloud }: Lab, host: string | undefined): Promise<WebhookStandIn | undefined> {
  if (cloud.webhook === undefined) return undefined;
  const [{ openWebhookStandIn }, { loadInterception }] = await Promise.all([
    import('../../sim/world/webhook-stand-in.ts'),
    import('../../sim/world/third-parties.ts'),
  ]);
  await loadInterception();
  return openWebhookStandIn(cloud.webhook, host);
}

function warn(sentence: string): void {
  process.stderr.write(`warning: ${sentence}\n`);
}

/** Maximum number of events that the history of a lab keeps. */
const eventsKept = 10_000;

/** Checks that a saved state matches the lab file. */
function checkMatches(lab: Lab, kept: LabState): Result<undefined> {
  if (kept.idScope !== lab.cloud.idScope) {
    return failed(
      'id-scope',
      `the state belongs to ID scope ${kept.idScope}, the lab has ${lab.cloud.idScope}; use the same ID scope, or another state file`,
    );
  }
  const hubs = hubNames(lab.cloud.hubs).map(hubHost);
  const lost = kept.hubs.filter((host) => !hubs.includes(host));
  return lost.length === 0
    ? done
    : failed(
        'hubs',
        `the state has devices of ${lost.join(', ')}, which the lab no longer has; add them under \`cloud: hubs:\`, or use another state file`,
      );
}
