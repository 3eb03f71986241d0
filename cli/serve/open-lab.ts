import { isIP } from 'node:net';
import { AdvancingClock } from '../../core/clock.ts';
import type { Cloud } from '../../core/cloud.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { eventHubNamespace } from '../../core/event-hub-wire.ts';
import { History } from '../../core/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { toPem } from '../../core/x509/pem.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { cloudWords } from '../../sim/cloud-words.ts';
import type { Lab } from '../../sim/lab/load.ts';
import { faultRule } from '../../sim/scenario/fault-words.ts';
import type { WebhookStandIn } from '../../sim/webhook-stand-in.ts';
import { hubHost, hubNames } from '../../sim/world.ts';
import { control } from './control-routes.ts';
import { openControlServer } from './control-server.ts';
import { enrollLab, tpmNames } from './enroll-lab.ts';
import { keepText, type Keeper } from './keep-state.ts';
import { openLabFolder, type LabFolder } from './lab-folder.ts';
import { keptAuthorities, labAuthorities, writeAuthorities } from './lab-pki.ts';
import { openTpms } from './open-tpms.ts';
import { connectionString, toldTpms, type Ready } from './ready.ts';
import { readyKeys } from './ready-keys.ts';
import { secretsOf } from './secrets.ts';
import type { ServeOptions } from './serve.ts';
import { stateText, writeState, type LabState } from './state-file.ts';

/** A lab that serves. */
export interface OpenLab {
  readonly ready: Ready;
  readonly clock: AdvancingClock;
  readonly cloud: Cloud;
  close(): Promise<void>;
}

/** Undoes what was opened, last first. */
type Closers = (() => Promise<void> | void)[];

/**
 * Opens all that a lab is made of.
 *
 * @returns a sentence where file, state and options do not fit together.
 * @throws PartMissing where a TPM is wanted and there is no swtpm, and Error of the system where a port cannot be had. What
 *   was opened until then is closed.
 */
export async function openLab(lab: Lab, kept: LabState | undefined, options: ServeOptions): Promise<OpenLab | string> {
  const misfit = kept === undefined ? undefined : misfitOf(lab, kept);
  if (misfit !== undefined) return misfit;
  const folder = await openLabFolder(options.state);
  if (typeof folder === 'string') return folder;
  const closers: Closers = [() => folder.close()];
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
    const opened = await open(lab, kept, options, folder, closers);
    if (typeof opened === 'string') await close();
    return typeof opened === 'string' ? opened : { ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  lab: Lab,
  kept: LabState | undefined,
  options: ServeOptions,
  folder: LabFolder,
  closers: Closers,
): Promise<Omit<OpenLab, 'close'> | string> {
  const clock = new AdvancingClock(kept?.leadMs);
  const random = new Random(lab.seed ?? freshKey(16).toString('hex'));
  let keeper: Keeper | undefined;
  const history = new History(clock, { limit: eventsKept, onRecord: () => keeper?.touch() });

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
    listen: { host: options.host, https: options.httpsPort, mqtt: options.mqttPort, amqp: options.amqpPort },
    serverNames: namesOf(lab, options),
    warn,
    ...(kept === undefined ? {} : { saved: kept.cloud }),
  });
  closers.push(() => cloud.close());
  const webhook = await openWebhook(lab, kept?.webhookHost);
  closers.push(() => webhook?.close());
  const problem = enrollLab(lab, { cloud, authorities, keys, tpms, webhook });
  if (problem !== undefined) return problem;
  for (const words of lab.cloud.faults) cloud.faults.add(faultRule(words, words.registrationId));

  const { state } = options;
  if (state !== undefined) {
    const makeText = (): string =>
      stateText({
        idScope: lab.cloud.idScope,
        hubs: hubNames(lab.cloud.hubs).map(hubHost),
        leadMs: clock.leadMs,
        authorities: keptAuthorities(authorities),
        keys,
        cloud: cloud.snapshot(),
        webhookHost: webhook?.host,
      });
    // The first time a failure ends the start; later the lab goes on and says that it cannot keep its state.
    writeState(state, makeText());
    keeper = keepText(makeText, (text) => tryToWrite(state, text));
    // After the cloud has closed, so that its last words are in.
    closers.splice(1, 0, () => keeper?.end());
  }
  const ca = folder.write('root.pem', toPem(cloud.serverRoot));
  const authorityKeys = writeAuthorities(authorities, folder);
  const secrets = () => secretsOf({ cloud, keys, authorityKeys, tpms, stateFile: state });
  const controlled = { clock, history, cloud, secrets, touch: () => keeper?.touch() };
  const server = await openControlServer(options.controlPort, (request) => control(controlled, request));
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
    state: state ?? null,
  };
  return { ready, clock, cloud };
}

function containerUrl({ ports, uploadContainers }: Cloud, host: string): string {
  const port = ports.https === 443 ? '' : `:${ports.https}`;
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
  const { openWebhookStandIn } = await import('../../sim/webhook-stand-in.ts');
  return openWebhookStandIn(cloud.webhook, host);
}

function tryToWrite(state: string, text: string): void {
  try {
    writeState(state, text);
  } catch (error) {
    process.stderr.write(
      `warning: the state was not kept: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
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
