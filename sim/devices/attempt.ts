import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import type { Network } from '../world/network.ts';
import { forgetKey } from '../key-stores/forget-key.ts';
import type { Device } from './device.ts';
import type { InstalledCertificate } from './flash.ts';
import { visitHub } from './hub-session.ts';
import { attestations } from './index.ts';
import { deviceFailureOf } from './device-failure.ts';
import { keyMatches } from './key-matches.ts';
import { register } from './register.ts';

/** How a device sets about getting into service. */
export type StartMode =
  /** Tries the hub it knows before it registers again, or registers at once, as the device is made. */
  | 'boot'
  /** Registers, whatever it knows. */
  | 'register'
  /** Goes to the hub it knows and nowhere else. */
  | 'connect';

/**
 * One attempt to get into service, from the first look at the flash to a telemetry message that the hub accepted. Start
 * and end are in the history, and everything in between.
 */
export async function attempt(device: Device, manner: StartMode, network: Network): Promise<AttemptEnd> {
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
    ...(clock === network.clock.now() ? {} : { clock }),
  });
  const end = await endOrFailure(device, registrationId, manner, network);
  network.history.record({ kind: 'attempt-ended', device: name, registrationId, ...end });
  return end;
}

/** A power cut that was planned happens in this attempt or not at all. */
async function endOrFailure(
  device: Device,
  registrationId: string,
  manner: StartMode,
  network: Network,
): Promise<AttemptEnd> {
  const progress = { attempts: 0 };
  const { powerCut } = device;
  if (powerCut !== undefined && 'tpmCommands' in powerCut) device.tpm?.cutPowerAfter(powerCut.tpmCommands);
  try {
    return await endOf(device, registrationId, manner, network, progress);
  } catch (error) {
    const sentence = deviceFailureOf(error, registrationId, network);
    if (sentence === undefined) throw error;
    return { outcome: 'failed', sentence, telemetry: 'none', attempts: progress.attempts };
  } finally {
    device.tpm?.cutPowerAfter(undefined);
    device.planPowerCut(undefined);
  }
}

async function endOf(
  device: Device,
  registrationId: string,
  manner: StartMode,
  network: Network,
  progress: { attempts: number },
): Promise<AttemptEnd> {
  if (!isReady(device, registrationId, network)) {
    return { outcome: 'refused', sentence: 'the device is not ready to attest', telemetry: 'none', attempts: 0 };
  }
  const known = device.assigned;
  const hubFirst = manner === 'connect' || (manner === 'boot' && device.boot === 'hub-first');
  if (hubFirst && known !== undefined) {
    const visit = await visitHub(device, known, network);
    const place = { assignedHub: known.hub, deviceId: known.deviceId, telemetry: visit.telemetry, attempts: 0 };
    if (visit.telemetry === 'accepted') return { outcome: 'assigned', sentence: 'the hub it knew let it in', ...place };
    if (manner === 'connect') return { outcome: 'refused', sentence: visit.sentence, ...place };
  }
  if (manner === 'connect') {
    return { outcome: 'failed', sentence: 'the device was never assigned to a hub', telemetry: 'none', attempts: 0 };
  }
  return provision(device, registrationId, network, progress);
}

/**
 * Registers and goes to the hub that was named, as a part of an attempt or, to try a credential, without one.
 *
 * @param keepsIssued whether a certificate that DPS issued before comes back where the hub does not take the new one.
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
    const code =
      registered.kind === 'refused' && registered.errorCode !== undefined ? { errorCode: registered.errorCode } : {};
    return { outcome: registered.kind, sentence, telemetry: 'none', attempts, ...code };
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

/** Of two certificates that DPS issued one after the other, only one stays, and the key of the other goes. */
async function settleIssued(
  device: Device,
  former: InstalledCertificate | undefined,
  goesBack: boolean,
): Promise<void> {
  const { issued } = device.flash;
  if (former === undefined || former === issued) return;
  if (goesBack) device.writeFlash({ issued: former });
  await forgetKey(goesBack ? issued : former);
}

function isReady(device: Device, registrationId: string, network: Network): boolean {
  const { config } = device.flash;
  const missing = device.lacks ?? attestations[device.attestation].missing(device);
  const { certificate } = device.flash;
  const isPair = certificate === undefined || keyMatches(certificate);
  if (config !== undefined && missing === undefined && isPair) return true;
  return network.decide(network.history.trace('device', registrationId, 'start'), (trace) => {
    const found = config === undefined ? 'nothing was flashed' : `${config.idScope} at ${config.endpoint}`;
    if (!trace.check('client-configured', config !== undefined, 'an ID scope and an endpoint', found)) return false;
    if (!trace.check('credential-present', missing === undefined, 'a credential', missing ?? 'one')) return false;
    return trace.check('key-matches-certificate', isPair, 'the key of the certificate', isPair ? 'it' : 'another key');
  });
}
