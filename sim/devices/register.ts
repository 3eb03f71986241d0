import { defined } from '../../core/defined.ts';
import { deviceApiVersion, issuingApiVersion, type RegisterBody } from '../../core/wire/dps-wire.ts';
import { textIn, valueIn } from '../../core/wire/value-in.ts';
import { forgetKey } from '../key-stores/forget-key.ts';
import {
  ConnectionClosed,
  ConnectionRefused,
  type DpsCall,
  type Opened,
  type TpmProof,
  type WireAnswer,
} from '../transports/dps-connection.ts';
import { certificatesOf } from '../transports/certificates-of.ts';
import type { Network } from '../world/network.ts';
import type { Device } from './device.ts';
import { attestations } from './attestation/attestations.ts';
import { receivedCertificate, requestCertificate, type CertificateRequest } from './issued-credential.ts';
import { openDirectDps } from './open-direct-dps.ts';
import { PowerLost, type powerCutMoments } from './power-cut.ts';
import { waitBeforePoll, waitBeforePollAgain, waitBeforeRetry } from './retry.ts';
import { updateFirst } from './update-first.ts';
import { signWithTpm } from './attestation/tpm.ts';

/** Outcome of a registration, as the device sees it. */
export type RegistrationOutcome =
  | {
      readonly kind: 'assigned';
      readonly hub: string;
      readonly deviceId: string;
      readonly substatus: string | undefined;
    }
  | (Refused & { readonly kind: 'refused' })
  | { readonly kind: 'failed'; readonly sentence: string };

interface Refused {
  readonly sentence: string;
  readonly errorCode?: number;
}

/** The service throttles requests or has an internal error. The device may repeat the request. */
interface Busy extends Refused {
  readonly kind: 'busy';
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

/**
 * Registers a device with DPS as the SDKs do. If the service is busy, the device waits and registers again, until its retry mode gives up.
 * @param progress counts the started registrations. The caller can read the number even after an exception.
 * @returns the outcome and the number of started registrations.
 */
export async function register(
  device: Device,
  registrationId: string,
  network: Network,
  progress: { attempts: number },
): Promise<{ readonly registered: RegistrationOutcome; readonly attempts: number }> {
  const waiting: WaitingKey = { request: undefined };
  const startedAt = network.clock.now();
  try {
    for (;;) {
      const attempts = ++progress.attempts;
      const registered = await registerOnce(device, registrationId, network, waiting);
      if (registered.kind !== 'busy') return { registered, attempts };
      const { status, retryAfterSeconds } = registered;
      const elapsedMs = network.clock.now() - startedAt;
      const wait = waitBeforeRetry(device, attempts, retryAfterSeconds, { status, elapsedMs });
      if (wait === undefined) return { registered: { ...registered, kind: 'refused' }, attempts };
      await network.clock.sleep(wait);
    }
  } finally {
    // Removes the key also after a power cut, because the device cannot use a key without a certificate at its next start.
    await forgetKey(waiting.request?.key.handshake);
  }
}

/** The key that still waits for its certificate. A retry sends the same certificate signing request. */
interface WaitingKey {
  request: CertificateRequest | undefined;
}

/** Registers once: answers a challenge if DPS sends one, and polls until the operation ends. */
async function registerOnce(
  device: Device,
  registrationId: string,
  network: Network,
  waiting: WaitingKey,
): Promise<RegistrationOutcome | Busy> {
  const { config } = device.flash;
  let opened: LoggedIn | undefined;
  try {
    opened = config === undefined ? undefined : await open(device, registrationId, config, network);
    if (opened === undefined || config === undefined) return rejectedByDevice;
    if (opened.kind === 'distrusted') return rejectedByDevice;
    if (opened.kind === 'refused') return opened;
    const place = { registrationId, idScope: config.idScope };
    if (device.updatesFirst === true) await updateFirst(device, place, opened.connection, network);
    return await converse(device, registrationId, config.idScope, opened, network, waiting);
  } catch (error) {
    if (!(error instanceof ConnectionClosed)) throw error;
    return { kind: error instanceof ConnectionRefused ? 'refused' : 'failed', sentence: error.message };
  } finally {
    if (opened?.kind === 'open') await opened.connection.close();
  }
}

const rejectedByDevice: RegistrationOutcome = { kind: 'refused', sentence: 'the device rejected the server' };

async function open(
  device: Device,
  registrationId: string,
  config: NonNullable<Device['flash']['config']>,
  network: Network,
): Promise<LoggedIn | undefined> {
  const peer = network.peer(device, config.endpoint, device.transport);
  if (peer === undefined) {
    network.decide(network.history.trace('device', registrationId, `server ${config.endpoint}`), (trace) =>
      trace.check('server-reachable', false, 'a host that answers', placeOf(config)),
    );
    return undefined;
  }
  const usual = device.credential === 'issued-by-dps' ? issuingApiVersion : deviceApiVersion;
  const apiVersion = device.apiVersion ?? usual;
  if (device.isDirect === true && network.direct !== undefined) {
    const { transport, address: from } = device;
    const { idScope } = config;
    const certificates = certificatesOf(peer.identity);
    const call = { idScope, registrationId, transport, apiVersion, certificates, from };
    return { kind: 'open', connection: openDirectDps(call, network.direct), token: undefined };
  }
  const resource = `${config.idScope}/registrations/${registrationId}`;
  const wire = network.wire(device.transport);
  const failures: unknown[] = [];
  const token = wire.hasLogin ? await attestations[device.attestation].dpsToken(device, resource) : undefined;
  const proof = wire.hasLogin ? await tpmProof(device, registrationId, resource, network, failures) : undefined;
  const call: DpsCall = {
    idScope: config.idScope,
    registrationId,
    apiVersion,
    token,
    ...defined({ tpm: proof }),
  };
  const opened = await wire.openDps(peer, call, network.history);
  // An error inside the device during the login must not count as an answer of the service.
  if (failures.length > 0) throw failures[0];
  return opened.kind === 'open' ? { ...opened, token } : opened;
}

/** A connection, and the token with which the device logged in: undefined if it sent no token. */
type LoggedIn = Exclude<Opened, OpenConnection> | (OpenConnection & { readonly token: string | undefined });
type OpenConnection = Extract<Opened, { kind: 'open' }>;

function placeOf({ endpoint, tls }: NonNullable<Device['flash']['config']>): string {
  return tls === false ? `${endpoint}, port 1883 without TLS` : endpoint;
}

/**
 * Returns the TPM operations for a login over MQTT or AMQP; undefined if the device does not use TPM attestation.
 * @param failures collects the errors inside the device during the login.
 */
async function tpmProof(
  device: Device,
  registrationId: string,
  resource: string,
  network: Network,
  failures: unknown[],
): Promise<TpmProof | undefined> {
  const chip = device.attestation === 'tpm' ? device.tpm : undefined;
  if (chip === undefined) return undefined;
  let distrusts = false;
  return {
    endorsementKey: await chip.use((tpm) => tpm.endorsementKey()),
    storageRootKey: await chip.use((tpm) => tpm.storageRootKey()),
    answer: async (wrappedKey) => {
      try {
        distrusts = !(await activate(device, registrationId, wrappedKey.toString('base64'), network));
        if (distrusts) return undefined;
        await reach(device, 'after-challenge');
        return await answerChallenge(device, resource);
      } catch (error) {
        failures.push(error);
        return undefined;
      }
    },
    get distrusts() {
      return distrusts;
    },
  };
}

async function converse(
  device: Device,
  registrationId: string,
  idScope: string,
  opened: Extract<LoggedIn, { kind: 'open' }>,
  network: Network,
  waiting: WaitingKey,
): Promise<RegistrationOutcome | Busy> {
  const { connection } = opened;
  const resource = `${idScope}/registrations/${registrationId}`;
  if (device.credential === 'issued-by-dps')
    waiting.request ??= await requestCertificate(device.csrName ?? registrationId, device.keys);
  const requested = waiting.request;
  const body: RegisterBody = {
    ...(await attestations[device.attestation].registerBody(device, registrationId)),
    ...defined({ csr: requested?.csr }),
  };
  let token = opened.token ?? (await attestations[device.attestation].dpsToken(device, resource));
  let answer = await connection.register(body, token);
  const challenge = challengeOf(answer);
  if (challenge !== undefined && device.tpm !== undefined) {
    if (!(await activate(device, registrationId, challenge, network))) return rejectedByDevice;
    await reach(device, 'after-challenge');
    token = await answerChallenge(device, resource);
    answer = await connection.register(body, token);
  }
  if (isBusy(answer))
    return {
      ...refusal(answer),
      kind: 'busy',
      status: answer.status,
      ...defined({ retryAfterSeconds: answer.retryAfterSeconds }),
    };
  if (answer.status === 202) {
    const operationId = textIn(answer.body, 'operationId');
    if (operationId === undefined) return { kind: 'failed', sentence: 'DPS answered 202 without operationId' };
    await reach(device, 'after-acceptance');
    answer = await pollToTheEnd(device, answer, () => connection.poll(operationId, token), network);
  }
  const ended = ending(answer);
  if (ended.kind === 'assigned') await reach(device, 'after-assignment');
  if (ended.kind === 'assigned' && requested !== undefined) {
    const issued = receivedCertificate(
      valueIn(valueIn(answer.body, 'registrationState'), 'issuedCertificateChain'),
      requested,
    );
    if (issued === undefined) return { kind: 'failed', sentence: 'DPS assigned the device but sent no certificate' };
    waiting.request = undefined;
    device.writeFlash({ issued });
  }
  const hubKey = textIn(valueIn(valueIn(answer.body, 'registrationState'), 'tpm'), 'authenticationKey');
  if (ended.kind === 'assigned' && hubKey !== undefined && device.tpm !== undefined) {
    if (!(await activate(device, registrationId, hubKey, network))) return rejectedByDevice;
  }
  return ended;
}

async function answerChallenge(device: Device, resource: string): Promise<string | undefined> {
  const token = await signWithTpm(device, encodeURIComponent(resource), 'registration');
  device.noteAnswer(token);
  return token;
}

/**
 * Ends the attempt if its power cut is planned for this point.
 * @throws PowerLost
 */
async function reach(device: Device, moment: (typeof powerCutMoments)[number]): Promise<void> {
  const { powerCut } = device;
  if (powerCut === undefined || !('moment' in powerCut) || powerCut.moment !== moment) return;
  await device.tpm?.cutPower();
  throw new PowerLost(`the power failed ${moment.replace('-', ' the ')}`);
}

async function pollToTheEnd(
  device: Device,
  accepted: WireAnswer,
  poll: () => Promise<WireAnswer>,
  network: Network,
): Promise<WireAnswer> {
  let answer = accepted;
  let busy = 0;
  for (let polls = 0; polls < pollLimit; polls++) {
    const wait = isBusy(answer)
      ? waitBeforePollAgain(device, ++busy, answer)
      : waitBeforePoll(device, polls, answer.retryAfterSeconds);
    if (wait === undefined) break;
    await network.clock.sleep(wait);
    answer = await poll();
    if (answer.status !== 202 && !isBusy(answer)) break;
  }
  return answer;
}

/** Returns true if the service throttles or has an internal error. The SDKs retry after both. */
function isBusy({ status }: WireAnswer): boolean {
  return status === 429 || status >= 500;
}

/** Largest number of status queries of a device. Then the device gives up an operation that the service never finishes. */
export const pollLimit = 100;

function challengeOf(answer: WireAnswer): string | undefined {
  return answer.status === 401 ? textIn(answer.body, 'authenticationKey') : undefined;
}

async function activate(device: Device, registrationId: string, blob: string, network: Network): Promise<boolean> {
  const chip = device.tpm;
  if (chip === undefined) return false;
  const activated = await chip.use((tpm) => tpm.activateIdentity(Buffer.from(blob, 'base64')));
  if (activated.ok) return true;
  network.decide(network.history.trace('device', registrationId, 'wrapped key'), (trace) =>
    trace.check(
      'challenge-activated',
      false,
      'a key that this TPM can unwrap',
      `${activated.failure.command}: ${activated.failure.sentence}`,
    ),
  );
  return false;
}

function ending(answer: WireAnswer): RegistrationOutcome {
  const state = valueIn(answer.body, 'registrationState');
  const status = textIn(answer.body, 'status');
  if (answer.status === 200 && status === 'assigned') {
    const hub = textIn(state, 'assignedHub');
    const deviceId = textIn(state, 'deviceId');
    if (hub === undefined || deviceId === undefined)
      return { kind: 'failed', sentence: 'DPS assigned the device but named no hub' };
    return { kind: 'assigned', hub, deviceId, substatus: textIn(state, 'substatus') };
  }
  if (answer.status === 202)
    return { kind: 'failed', sentence: `DPS has not finished the assignment after ${pollLimit} polls` };
  return { kind: 'refused', ...refusal(answer) };
}

/** Reads the message and the error code of a response that contains no assignment. */
function refusal(answer: WireAnswer): Refused {
  const state = valueIn(answer.body, 'registrationState');
  const status = textIn(answer.body, 'status');
  const errorCode = valueIn(answer.body, 'errorCode') ?? valueIn(state, 'errorCode');
  const message = textIn(answer.body, 'message') ?? textIn(state, 'errorMessage') ?? `status ${status ?? 'none'}`;
  return {
    sentence: `DPS answered ${answer.status}: ${message}`,
    ...defined({ errorCode: typeof errorCode === 'number' ? errorCode : undefined }),
  };
}
