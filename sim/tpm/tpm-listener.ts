import { createServer } from 'node:net';
import { rmSync } from 'node:fs';
import { u32 } from '../../core/tpm/bytes.ts';
import { commandLengthUpTo } from './command-length.ts';
import { closeServer, listenOn } from './listening.ts';
import { serveMessages, type LengthOf } from './serve-messages.ts';
import { shareSlots } from './share-slots.ts';

/**
 * Lets one helper process use a TPM of the simulation as if it were a listening swtpm. Commands go to the socket `path`. Control messages
 * go to `path.ctrl`; each of them succeeds without any effect. Both sockets are files in a private folder. Unlike a bridge, this listener
 * swaps objects and never changes the power.
 * @param transmit sends one command to the TPM and returns the response.
 * @throws Error if another process listens at one of the sockets.
 */
export async function openTpmListener(
  path: string,
  transmit: (command: Buffer) => Promise<Buffer>,
): Promise<{ readonly path: string; readonly close: () => void }> {
  const shared = shareSlots(transmit);
  const listeners = [
    { at: path, server: createServer((socket) => void serveMessages(socket, commandLengthUpTo(messageLimit), shared)) },
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
    throw new Error(`another process listens at ${at} already`);
  }
  return { path, close };
}

/** TPM_PT_MAX_COMMAND_SIZE of libtpms. */
const messageLimit = 4096;

/** A client waits for each answer on the control channel, so the received bytes are one message. */
const wholePart: LengthOf = (start) => (start.length === 0 ? 'more' : start.length);
