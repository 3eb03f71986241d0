import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { freshKey, Random } from '../../core/random.ts';
import { AdvancingClock, wallMs } from '../../core/time/clock.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { mintCertificate, type Minted } from '../../core/x509/mint/mint.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { PartMissing } from '../../core/part-missing.ts';
import { inspectCommand } from '../../sim/programs/inspect-command.ts';
import { openJumpingTime, type JumpingTime } from '../../sim/programs/jumping-time.ts';
import { findLibrary } from '../../sim/programs/find-library.ts';
import { Recorder } from '../../sim/conformance/record/recorder.ts';
import type { World } from '../../sim/conformance/worlds/world.ts';
import type { WorldFacts } from '../../sim/conformance/worlds/world-facts.ts';
import type { ClientSpec } from './client-spec.ts';
import { openClientTpm, type ClientTpm } from './client-tpm.ts';
import { serverTrust } from './server-identities.ts';

/** The lab of one test world, with the files and environment variables of its clients. */
export interface WorldLab {
  readonly facts: WorldFacts;
  readonly recorder: Recorder;
  readonly cloud: Cloud;
  readonly clock: AdvancingClock;
  /** The TPM of the client; undefined if the client has another credential. */
  readonly tpm: ClientTpm | undefined;
  /** Controls the time of the client, which jumps while the client sleeps; undefined if the client runs in real time. */
  readonly time: JumpingTime | undefined;
  /** Returns the environment variables of a client. @param index number of the client, from 0. */
  environment(index: number): Readonly<Record<string, string>>;
  /** Sets the clock of the clients. @param time in the format of libfaketime. */
  setClientClock(time: string): void;
  close(): Promise<void>;
}

/** Opens the lab of a test world. @param folder an empty private folder for the files of the clients. */
export async function openWorldLab(
  world: World,
  folder: string,
  client: Pick<ClientSpec, 'command' | 'folder'>,
): Promise<WorldLab> {
  const { lab = {}, credential = 'symmetric-key', clients = 1 } = world;
  const clock = new AdvancingClock();
  const began = wallMs();
  const startedAt = clock.now();
  const trust = await serverTrust(lab.server, startedAt);
  const key = freshKey(32);
  const given = credential === 'x509' ? await deviceChain(startedAt) : undefined;
  const tpm = credential === 'tpm' ? await openTpmIn(folder) : undefined;
  const facts: WorldFacts = {
    idScope: '0ne00C0F0A1',
    registrationId: deviceName,
    deviceId: lab.deviceId ?? deviceName,
    hub: 'conform-a.azure-devices.net',
    otherHub: 'conform-b.azure-devices.net',
    givenKey: given === undefined ? '' : keyOf(given.leaf),
    givenChain: given === undefined ? 0 : 2,
    startedAt,
  };
  const recorder = new Recorder({
    now: () => Math.round(wallMs() - began + clock.leadMs),
    script: world.script?.(facts) ?? {},
    keys: credential === 'symmetric-key' ? [key] : [],
    secrets: [key.toString('base64')],
  });
  const cloud = await startCloud({
    clock,
    random: new Random(freshKey(16).toString('hex')),
    history: new History(clock, { limit: 1000 }),
    idScope: facts.idScope,
    hubs: [facts.hub, facts.otherHub],
    fidelity: { ...defaultFidelity, disabledEnrollment: 'status' },
    retryAfterSeconds: lab.retryAfterSeconds ?? 1,
    assignmentMs: lab.assignmentMs ?? 0,
    issuanceMs: lab.issuanceMs ?? 1000,
    ...(lab.issuedSeconds === undefined
      ? {}
      : {
          credentialPolicies: { policy: { validityDays: 90 } },
          issuedValidityMs: lab.issuedSeconds * 1000,
          credentialSyncMs: 0,
        }),
    ...(trust.identity === undefined ? {} : { serverIdentity: trust.identity }),
    tap: recorder,
  });
  const time = world.jumps === true ? await jumpingTime(folder, clock, cloud, client) : undefined;
  enroll(world, cloud, facts, { key, given, tpm, clients });
  const trusted = [...(trust.isLabTrusted ? [toPem(cloud.serverRoot)] : []), ...trust.roots].join('');
  return {
    facts,
    recorder,
    cloud,
    clock,
    tpm,
    time,
    environment: (index) => ({
      ...clientVariables(world, index, { folder, facts, cloud, trusted, key, given, tpm }),
      ...clockVariables(world, folder),
      ...(time === undefined ? {} : timeVariables(time)),
    }),
    setClientClock: (time) => writeFileSync(clockFile(folder), time),
    close: async () => {
      await time?.close();
      await Promise.all([cloud.close(), tpm?.close()]);
    },
  };
}

/** Registration ID of the first client of a test world. */
const deviceName = 'conformance-1';

interface Credentials {
  readonly key: Buffer;
  readonly given: DeviceChain | undefined;
  readonly tpm: ClientTpm | undefined;
}

function enroll(
  { lab = {} }: World,
  { operator }: Cloud,
  { registrationId, deviceId, hub }: WorldFacts,
  { key, given, tpm, clients }: Credentials & { readonly clients: number },
): void {
  if (lab.enrollment === 'none') return;
  const terms = {
    provisioningStatus: lab.enrollment === 'disabled' ? ('disabled' as const) : ('enabled' as const),
    hubs: [hub],
    ...(lab.issuedSeconds === undefined ? {} : { credentialPolicyName: 'policy' }),
  };
  if (given !== undefined) {
    mustSucceed(operator.uploadCaCertificate('root', given.root.der, true));
    mustSucceed(
      operator.putEnrollmentGroup({
        ...terms,
        enrollmentGroupId: 'devices',
        attestation: { type: 'caReference', primary: 'root' },
      }),
    );
    return;
  }
  for (let index = 0; index < clients; index++) {
    mustSucceed(
      operator.putEnrollment({
        ...terms,
        registrationId: nameOf(registrationId, index),
        ...(index === 0 ? { deviceId } : {}),
        attestation:
          tpm === undefined
            ? { type: 'symmetricKey', primaryKey: key, secondaryKey: freshKey(32) }
            : { type: 'tpm', endorsementKey: tpm.endorsementKey },
      }),
    );
  }
}

function mustSucceed(result: { readonly ok: boolean; readonly failure?: { readonly sentence: string } }): void {
  if (!result.ok) throw new Error(`the lab cannot be set up: ${result.failure?.sentence ?? ''}`);
}

function nameOf(registrationId: string, index: number): string {
  return index === 0 ? registrationId : registrationId.replace(/1$/, String(index + 1));
}

interface ClientFiles extends Credentials {
  readonly folder: string;
  readonly facts: WorldFacts;
  readonly cloud: Cloud;
  readonly trusted: string;
}

/** Writes the files of a client and returns its environment variables. docs/conformance.md lists the files and variables. */
function clientVariables(
  world: World,
  index: number,
  { folder, facts, cloud, trusted, key, given, tpm }: ClientFiles,
): Readonly<Record<string, string>> {
  const home = join(folder, String(index));
  const state = join(home, 'state');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    const path = join(home, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    REHEARSAL_DPS_HOST: globalEndpoint,
    REHEARSAL_ADDRESS: '127.0.0.1',
    REHEARSAL_HTTPS_PORT: String(cloud.ports.https),
    REHEARSAL_MQTT_PORT: String(cloud.ports.mqtt),
    REHEARSAL_AMQP_PORT: String(cloud.ports.amqp),
    REHEARSAL_ID_SCOPE: facts.idScope,
    REHEARSAL_REGISTRATION_ID: nameOf(facts.registrationId, index),
    REHEARSAL_ATTESTATION: world.credential ?? 'symmetric-key',
    REHEARSAL_CA_FILE: write('trust.pem', trusted),
    REHEARSAL_STATE_FOLDER: state,
    ...credentialVariables({ key, given, tpm }, write),
    ...world.environment,
  };
}

function credentialVariables(
  { key, given, tpm }: Credentials,
  write: (name: string, text: string) => string,
): Readonly<Record<string, string>> {
  if (tpm !== undefined) return tpm.variables;
  if (given === undefined) return { REHEARSAL_SYMMETRIC_KEY_FILE: write('symmetric-key', key.toString('base64')) };
  return {
    REHEARSAL_CERT_FILE: write('certificate.pem', given.leaf.pem + given.intermediate.pem),
    REHEARSAL_KEY_FILE: write('private-key.pem', given.leaf.privateKeyPem),
  };
}

function openTpmIn(folder: string): Promise<ClientTpm> {
  const stateDir = join(folder, 'tpm');
  mkdirSync(stateDir, { mode: 0o700 });
  return openClientTpm(stateDir, join(folder, 'tpm.sock'));
}

/** Returns undefined if the time of the client cannot jump on this system. */
async function jumpingTime(
  folder: string,
  clock: AdvancingClock,
  { ports }: Cloud,
  client: Pick<ClientSpec, 'command' | 'folder'>,
): Promise<JumpingTime | undefined> {
  const inspected = inspectCommand(client.command[0] ?? '', client.folder, process.env['PATH'] ?? '');
  if (process.platform !== 'linux' || !inspected.ok) return undefined;
  try {
    return await openJumpingTime(folder, clock, ports);
  } catch (error) {
    if (error instanceof PartMissing) return undefined;
    throw error;
  }
}

function timeVariables({ ports, environment }: JumpingTime): Readonly<Record<string, string>> {
  return {
    REHEARSAL_HTTPS_PORT: String(ports.https),
    REHEARSAL_MQTT_PORT: String(ports.mqtt),
    REHEARSAL_AMQP_PORT: String(ports.amqp),
    ...environment,
  };
}

interface DeviceChain {
  readonly root: Minted;
  readonly intermediate: Minted;
  readonly leaf: Minted;
}

/** Makes a certificate of the device, which chains over an intermediate CA to a new root. DPS receives the root as a CA certificate. */
async function deviceChain(now: number): Promise<DeviceChain> {
  const start = Math.floor(now / 1000) * 1000 - 3_600_000;
  const span = { notBefore: start, notAfter: start + 365 * 86_400_000 };
  const rootKeys = await generateKeyPair('P-256');
  const root = await mintCertificate({ subject: { commonName: 'Conformance root' }, keys: rootKeys, ...span, ca: {} });
  const intermediate = await mintCertificate({
    subject: { commonName: 'Conformance intermediate' },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: root.certificate, keys: root.keys },
    ...span,
    ca: {},
  });
  const leaf = await mintCertificate({
    subject: { commonName: deviceName },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: intermediate.certificate, keys: intermediate.keys },
    ...span,
  });
  return { root, intermediate, leaf };
}

function keyOf({ certificate }: Minted): string {
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function clockFile(folder: string): string {
  return join(folder, 'clock');
}

/**
 * Returns the environment variables by which libfaketime changes the clock of a client. The monotonic clock does not change, so timers of
 * the client keep their pace.
 */
function clockVariables({ clientClock }: World, folder: string): Readonly<Record<string, string>> {
  const library = clockLibrary();
  if (clientClock === undefined || library === undefined) return {};
  writeFileSync(clockFile(folder), clientClock);
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile(folder),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/**
 * Returns the path of libfaketime; undefined if it is not installed. A test world that changes the clock of the client cannot run without
 * this library.
 */
export function clockLibrary(): string | undefined {
  return findLibrary('faketime/libfaketime.so.1');
}
