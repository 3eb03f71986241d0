import { join } from 'node:path';
import { registrationIdOfEndorsementKey } from '../../core/tpm/registration-id.ts';
import { bridgeBounds } from '../../sim/tpm/bound-clients.ts';
import { openRawBridge } from '../../sim/tpm/raw-bridge.ts';
import { SharedTpm } from '../../sim/tpm/shared-tpm.ts';
import { openSimulatorBridge } from '../../sim/tpm/simulator-bridge.ts';
import { Tpm } from '../../sim/tpm/tpm.ts';
import type { LabFolder } from './lab-folder.ts';

/** A running TPM of the lab. */
export interface LabTpm {
  readonly name: string;
  readonly stateDir: string;
  /** Command port of the simulator on 127.0.0.1; the platform port is the next number. */
  readonly port: number;
  /** Socket file for raw commands. */
  readonly socket: string;
  /** TPM2B_PUBLIC. */
  readonly endorsementKey: Buffer;
  /** The registration ID that SDKs use by default. */
  readonly registrationId: string;
  close(): Promise<void>;
}

/**
 * Starts TPMs one after the other, so that their ports are in the order of their names.
 *
 * @throws PartMissing if swtpm is not installed. TPMs that were started before are stopped.
 */
export async function openTpms(
  names: readonly string[],
  folder: LabFolder,
  warn: (sentence: string) => void,
): Promise<readonly LabTpm[]> {
  const open: LabTpm[] = [];
  try {
    for (const [index, name] of names.entries()) open.push(await openTpm(name, index, folder, warn));
    return open;
  } catch (error) {
    await Promise.all(open.map((tpm) => tpm.close()));
    throw error;
  }
}

async function openTpm(
  name: string,
  index: number,
  folder: LabFolder,
  warn: (sentence: string) => void,
): Promise<LabTpm> {
  const stateDir = folder.folder(`tpm/${name}`);
  const tpm = await SharedTpm.start(stateDir, (sentence) => warn(`TPM ${name}: ${sentence}`));
  const bounds = { ...bridgeBounds, warn };
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((closeOne) => closeOne()));
    await tpm.close();
  };
  try {
    // Prepares the TPM as its manufacturer delivers it: without power, and with an endorsement key of the TCG template. The key is at the
    // handle where SDKs look first, and `tpm2_createek` creates the same key.
    const maker = new Tpm((command) => tpm.transmit(command), { ekTemplate: 'tcg-l1' });
    const endorsementKey = await maker.endorsementKey();
    await tpm.close();
    const simulator = await openSimulatorBridge(tpm, undefined, bounds);
    closers.push(() => simulator.close());
    const raw = await openRawBridge(tpm, join(folder.scratch, `tpm-${index}.sock`), bounds);
    closers.push(() => raw.close());
    const registrationId = registrationIdOfEndorsementKey(endorsementKey);
    return { name, stateDir, port: simulator.port, socket: raw.path, endorsementKey, registrationId, close };
  } catch (error) {
    await close();
    throw error;
  }
}
