import { createServer } from 'node:net';
import { u32 } from '../../core/tpm/bytes.ts';
import { boundClients, bridgeBounds, type ClientBounds } from './bound-clients.ts';
import { commandLengthUpTo } from './command-length.ts';
import { closeServer, listenOn } from './listening.ts';
import { serveMessages, type LengthOf } from './serve-messages.ts';
import type { SharedTpm } from './shared-tpm.ts';

/** A TPM that accepts raw TPM commands at a socket file. */
export interface RawBridge {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Serves a TPM as `swtpm socket --server type=unixio` does, for `tpm2-tools -T swtpm:path=…`. Commands go to `path`, control messages to
 * `path.ctrl`. The first command powers the TPM on and starts it up, as with `startup-clear` of swtpm.
 * @param path at most 102 bytes: the path of a socket has at most 107 bytes, and `.ctrl` has 5.
 * @throws Error if another process listens at one of the sockets.
 */
export async function openRawBridge(
  tpm: SharedTpm,
  path: string,
  bounds: ClientBounds = bridgeBounds,
): Promise<RawBridge> {
  const data = createServer((socket) => {
    void serveMessages(socket, commandLengthUpTo(messageLimit), (command) => tpm.transmitStarted(command));
  });
  const control = createServer((socket) => {
    void serveMessages(socket, controlLength, (message) => answerControl(tpm, message));
  });
  boundClients(data, `the TPM socket ${path}`, bounds);
  boundClients(control, `the TPM socket ${path}.ctrl`, bounds);
  const closeAll = [data, control].map(closeServer);
  const close = async (): Promise<void> => {
    await Promise.all(closeAll.map((closeOne) => closeOne()));
  };
  if ((await listenOn(data, path)) && (await listenOn(control, `${path}.ctrl`))) return { path, close };
  await close();
  throw new Error(`another process listens at ${path} already; choose another path`);
}

const messageLimit = 64 * 1024;

/** Command codes of the control channel of swtpm, four octets each. */
const words = { init: 2, shutdown: 3, setLocality: 5, cancel: 9 } as const;

const controlLength: LengthOf = (start) => {
  if (start.length < 4) return 'more';
  switch (start.readUInt32BE(0)) {
    case words.init:
      return 8;
    case words.setLocality:
      return 5;
    case words.shutdown:
    case words.cancel:
      return 4;
    default:
      return 'broken';
  }
};

async function answerControl(tpm: SharedTpm, message: Buffer): Promise<Buffer> {
  switch (message.readUInt32BE(0)) {
    case words.init:
      // The client wants to restart the TPM. The next command powers it on and sends TPM2_Startup.
      await tpm.powerOff();
      return u32(success);
    case words.shutdown:
      await tpm.powerOff();
      return u32(success);
    case words.setLocality:
      return u32(message.readUInt8(4) === 0 ? success : badLocality);
    default:
      return u32(success);
  }
}

/** Result code for success. The control channel still uses the codes of TPM 1.2. */
const success = 0;
const badLocality = 0x3d;
