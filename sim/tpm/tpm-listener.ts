import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { u32 } from '../../core/tpm/bytes.ts';
import { closeServer, listenOn } from './listening.ts';
import { serveMessages, type LengthOf } from './serve-messages.ts';
import { shareSlots } from './share-slots.ts';

/**
 * Lets one helper process use a TPM that is ours, as if it were an swtpm that listens: a socket for commands at `path`, and
 * one at `path.ctrl` for what concerns the machine around the TPM, where every wish is granted and none is fulfilled. Both
 * are files in a private folder. Unlike a bridge it swaps objects, and leaves the power alone.
 *
 * @param transmit carries one command to the TPM and brings the response back.
 */
export async function openTpmListener(
  path: string,
  transmit: (command: Buffer) => Promise<Buffer>,
): Promise<{ readonly path: string; readonly close: () => void }> {
  const shared = shareSlots(transmit);
  const listeners = [
    { at: path, server: createServer((socket) => void serveMessages(socket, commandLength, shared)) },
    { at: `${path}.ctrl`, server: createServer((socket) => void serveMessages(socket, wholePart, async () => u32(0))) },
  ];
  const closeAll = listeners.map(({ server }) => closeServer(server));
  const close = (): void => {
    for (const closeOne of closeAll) void closeOne();
    for (const { at } of listeners) rmSync(at, { force: true });
  };
  for (const { at, server } of listeners) {
    if (await listenOn(server, at)) continue;
    close();
    throw new Error(`somebody listens at ${at} already`);
  }
  return { path, close };
}

/** Octets 2 to 5 of a command are its length (TPM 2.0 Part 1 18.2). */
const commandLength: LengthOf = (start) => {
  if (start.length < 6) return 'more';
  const length = start.readUInt32BE(2);
  return length < 10 || length > messageLimit ? 'broken' : length;
};

/** TPM_PT_MAX_COMMAND_SIZE of libtpms. */
const messageLimit = 4096;

/** A client waits for each answer of the control channel, so what came is one message. */
const wholePart: LengthOf = (start) => (start.length === 0 ? 'more' : start.length);
