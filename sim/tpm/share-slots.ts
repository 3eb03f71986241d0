import { u16, u32 } from '../../core/tpm/bytes.ts';

/**
 * Lets a client use more objects than a TPM has slots (swtpm: three). Each object is swapped out after every command, and swapped in for
 * the next command that names it, as a resource manager does. The client sees virtual handles.
 * @param transmit sends one command to the TPM and returns the response.
 */
export function shareSlots(transmit: (command: Buffer) => Promise<Buffer>): (command: Buffer) => Promise<Buffer> {
  /** Saved contexts of objects, by virtual handle. */
  const swappedOut = new Map<number, Buffer>();
  let handlesGiven = 0;

  const swapIn = async (handle: number): Promise<number | undefined> => {
    const context = swappedOut.get(handle);
    if (context === undefined) return undefined;
    return handleOf(await transmit(commandOf(codes.contextLoad, context)));
  };

  /** An object that the TPM cannot save no longer exists: its sequence is complete, or the client flushed it. */
  const swapOut = async (handle: number, real: number): Promise<void> => {
    const saved = await transmit(commandOf(codes.contextSave, u32(real)));
    if (!isGood(saved)) return void swappedOut.delete(handle);
    swappedOut.set(handle, Buffer.from(saved.subarray(headerLength)));
    await transmit(commandOf(codes.flushContext, u32(real)));
  };

  return async (command) => {
    const loaded = new Map<number, number>();
    const forTpm = Buffer.from(command);
    for (const at of handlePlaces) {
      if (command.length < at + 4 || command[at] !== transient) continue;
      const handle = command.readUInt32BE(at);
      const real = await swapIn(handle);
      if (real === undefined) continue;
      loaded.set(handle, real);
      forTpm.writeUInt32BE(real, at);
    }
    const response = await transmit(forTpm);
    const real = makesObject.has(command.readUInt32BE(6)) ? handleOf(response) : undefined;
    if (real !== undefined) {
      const handle = firstHandle + handlesGiven++;
      loaded.set(handle, real);
      response.writeUInt32BE(handle, headerLength);
    }
    for (const [handle, each] of loaded) await swapOut(handle, each);
    return response;
  };
}

/** A command without sessions: TPM_ST_NO_SESSIONS, size, code, parameters (TPM 2.0 Part 1 18.2). */
function commandOf(code: number, parameters: Buffer): Buffer {
  return Buffer.concat([u16(0x8001), u32(headerLength + parameters.length), u32(code), parameters]);
}

function isGood(response: Buffer): boolean {
  return response.length >= headerLength && response.readUInt32BE(6) === 0;
}

function handleOf(response: Buffer): number | undefined {
  return isGood(response) && response.length >= headerLength + 4 ? response.readUInt32BE(headerLength) : undefined;
}

const headerLength = 10;
/** First octet of the handle of a transient object (TPM 2.0 Part 2 7.2). */
const transient = 0x80;
const firstHandle = 0x8000_0000;
/**
 * Offsets of the one or two handles in a command. In the commands of the clients, no other field at these offsets looks like a transient
 * handle.
 */
const handlePlaces = [10, 14];
const codes = { contextLoad: 0x161, contextSave: 0x162, flushContext: 0x165 } as const;
/** Commands whose response starts with a new handle: CreatePrimary, Load, HMAC_Start, ContextLoad, LoadExternal, HashSequenceStart. */
const makesObject = new Set([0x131, 0x157, 0x15b, 0x161, 0x167, 0x186]);
