import { TpmReader, u32 } from '../../../core/tpm/bytes.ts';

/** Returns the handles of the loaded transient objects and sessions (TPM2_GetCapability, TPM 2.0 Part 3 30.2). */
export async function loadedHandles(transmit: (command: Buffer) => Promise<Buffer>): Promise<readonly number[]> {
  const found: number[] = [];
  for (const first of [transient, hmacSession, policySession]) {
    const parameters = Buffer.concat([u32(capabilityHandles), u32(first), u32(64)]);
    const response = new TpmReader(await transmit(Buffer.concat([getCapability, parameters])));
    // Header, moreData, capability.
    response.take(10 + 1 + 4);
    const count = response.u32();
    for (let index = 0; index < count; index++) found.push(response.u32());
    if (!response.complete) throw new Error('the response to TPM2_GetCapability is malformed');
  }
  return found;
}

const getCapability = Buffer.from('8001000000160000017a', 'hex');
const capabilityHandles = 1;
const transient = 0x8000_0000;
const hmacSession = 0x0200_0000;
const policySession = 0x0300_0000;
