import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SharedTpm } from '../../sim/tpm/shared-tpm.ts';
import { openRawBridge } from '../../sim/tpm/raw-bridge.ts';
import { openSimulatorBridge } from '../../sim/tpm/simulator-bridge.ts';
import { Tpm } from '../../sim/tpm/tpm.ts';

/** The TPM of a client, which the client reaches over a socket of swtpm or over the ports of Microsoft's simulator. */
export interface ClientTpm {
  /** TPM2B_PUBLIC. */
  readonly endorsementKey: Buffer;
  /** Environment variables of the client. */
  readonly variables: Readonly<Record<string, string>>;
  /** Cuts the power of the TPM. The next command of the client powers it on. */
  cutPower(): Promise<void>;
  /** Clears the TPM (TPM2_Clear). The storage root key changes; the endorsement key stays. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a TPM with the primary keys of the SDKs at their handles.
 * @param stateDir an empty folder for its state. @param socket path of its socket, at most 102 bytes.
 */
export async function openClientTpm(stateDir: string, socket: string): Promise<ClientTpm> {
  const tpm = await SharedTpm.start(stateDir);
  const owner = new Tpm((command) => tpm.transmitStarted(command));
  const closers = [() => tpm.close()];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.toReversed()) await closeOne();
  };
  try {
    const endorsementKey = await owner.endorsementKey();
    await owner.storageRootKey();
    // Switches the TPM off, so that the client finds it without power, as after the start of a board.
    await tpm.close();
    const raw = await openRawBridge(tpm, socket);
    closers.push(() => raw.close());
    const simulator = await openSimulatorBridge(tpm);
    closers.push(() => simulator.close());
    return {
      endorsementKey,
      variables: {
        REHEARSAL_TPM_SOCKET: raw.path,
        REHEARSAL_TPM_SIMULATOR_PORT: String(simulator.port),
        TPM2TOOLS_TCTI: `swtpm:path=${raw.path}`,
      },
      cutPower: () => tpm.powerOff(),
      clear: () => owner.clear(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns true if swtpm is installed. Test worlds in which the device attests with a TPM need swtpm. */
export function hasSwtpm(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'swtpm'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
