import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import { forgetKey } from '../key-stores/forget-key.ts';
import type { Device } from './device.ts';
import type { InstalledCertificate } from './flash.ts';
import { visitHub } from './hub-session.ts';
import { attestations } from './attestation/attestations.ts';
import { deviceFailureOf } from './device-failure.ts';
import { keyMatches } from './key-matches.ts';
import { register } from './register.ts';

/** First action of a device when an attempt starts. */
export type StartMode =
  /** Follows the `boot` trait of the device: visits its last hub first, or registers at once. */
  | 'as-configured'
  /** Registers, even if the device knows its hub. */
  | 'register'
  /** Connects to the hub of the last registration, and never registers. */
  | 'connect';

/**
 * Makes one attempt to get a device into service: from reading the flash to a telemetry message that the hub accepts. Records the start,
 * the end and every decision of the attempt in the history.
 */
export async function attempt(device: Device, mode: StartMode, network: Network): Promise<AttemptEnd> {
  const registrationId = device.registrationId ?? device.name;
  const { attestation, transport, name } = device;
  const clock = device.clock.now();
  network.history.record({
    kind: 'attempt-started',
    device: name,
    registrationId,
    attestation,
    transport,
    ...defined({ by: device.by, from: device.address }),
    ...defined({ clock: clock === network.clock.now() ? undefined : clock }),
  });
  const end = await endOrFailure(device, registrationId, mode, network);
  network.history.record({ kind: 'attempt-ended', device: name, registrationId, ...end });
  return end;
}

/** Runs an attempt and cancels its planned power cut afterwards, so that the cut does not hit a later attempt. */
async function endOrFailure(
  device: Device,
  registrationId: string,
  mode: StartMode,
  network: Network,
): Promise<AttemptEnd> {
  const progress = { attempts: 0 };
  const { powerCut } = device;
  if (powerCut !== undefined && 'tpmCommands' in powerCut) device.tpm?.cutPowerAfter(powerCut.tpmCommands);
  try {
    return await endOf(device, registrationId, mode, network, progress);
  } catch (error) {
    const failure = deviceFailureOf(error, registrationId, network);
    if (failure === undefined) throw error;
    return { outcome: 'failed', sentence: failure.sentence, telemetry: 'none', attempts: progress.attempts };
  } finally {
    device.tpm?.cutPowerAfter(undefined);
    device.planPowerCut(undefined);
  }
}

async function endOf(
  device: Device,
  registrationId: string,
  mode: StartMode,
  network: Network,
  progress: { attempts: number },
): Promise<AttemptEnd> {
  if (!isReady(device, registrationId, network)) {
    return { outcome: 'refused', sentence: 'the device is not ready to attest', telemetry: 'none', attempts: 0 };
  }
  const known = device.assigned;
  const hubFirst = mode === 'connect' || (mode === 'as-configured' && device.boot === 'hub-first');
  if (hubFirst && known !== undefined) {
    const visit = await visitHub(device, known, network);
    const place = { assignedHub: known.hub, deviceId: known.deviceId, telemetry: visit.telemetry, attempts: 0 };
    if (visit.telemetry === 'accepted')
      return { outcome: 'assigned', sentence: 'the last hub accepted the device', ...place };
    if (mode === 'connect') return { outcome: 'refused', sentence: visit.sentence, ...place };
  }
  if (mode === 'connect') {
    return { outcome: 'failed', sentence: 'the device was never assigned to a hub', telemetry: 'none', attempts: 0 };
  }
  return provision(device, registrationId, network, progress);
}

/**
 * Registers and connects to the assigned hub. `attempt` and the trial of a new credential both call this function.
 * @param keepsIssued true: if the hub rejects a newly issued certificate, the device restores the previous issued certificate.
 */
export async function provision(
  device: Device,
  registrationId: string,
  network: Network,
  progress: { attempts: number } = { attempts: 0 },
  keepsIssued = false,
): Promise<AttemptEnd> {
  const former = device.flash.issued;
  const { registered, attempts } = await register(device, registrationId, network, progress);
  if (registered.kind !== 'assigned') {
    const { sentence } = registered;
    const errorCode = registered.kind === 'refused' ? registered.errorCode : undefined;
    return { outcome: registered.kind, sentence, telemetry: 'none', attempts, ...defined({ errorCode }) };
  }
  const { hub, deviceId, substatus } = registered;
  device.assign({ hub, deviceId });
  const visit = await visitHub(device, { hub, deviceId }, network);
  await settleIssued(device, former, keepsIssued && visit.telemetry !== 'accepted');
  return {
    outcome: visit.telemetry === 'accepted' ? 'assigned' : 'refused',
    sentence: visit.telemetry === 'accepted' ? `${hub} accepted its telemetry` : visit.sentence,
    assignedHub: hub,
    deviceId,
    ...defined({ substatus }),
    telemetry: visit.telemetry,
    attempts,
  };
}

/** Keeps either the newly issued certificate or the previous certificate (`former`), and deletes the key of the other certificate. */
async function settleIssued(
  device: Device,
  former: InstalledCertificate | undefined,
  restoresFormer: boolean,
): Promise<void> {
  const { issued } = device.flash;
  if (former === undefined || former === issued) return;
  if (restoresFormer) device.writeFlash({ issued: former });
  await forgetKey(restoresFormer ? issued : former);
}

function isReady(device: Device, registrationId: string, network: Network): boolean {
  const { config } = device.flash;
  const missing = device.lacks ?? attestations[device.attestation].missing(device);
  const { certificate } = device.flash;
  const isPair = certificate === undefined || keyMatches(certificate);
  if (config !== undefined && missing === undefined && isPair) return true;
  return network.decide(network.history.trace('device', registrationId, 'start'), (trace) => {
    const found = config === undefined ? 'no configuration was flashed' : `${config.idScope} at ${config.endpoint}`;
    if (!trace.check('client-configured', config !== undefined, 'an ID scope and an endpoint', found)) return false;
    if (!trace.check('credential-present', missing === undefined, 'a credential', missing ?? 'present')) return false;
    return trace.check(
      'key-matches-certificate',
      isPair,
      'the key of the certificate',
      isPair ? 'match' : 'another key',
    );
  });
}
