import { createServer } from 'node:net';
import { u32 } from '../../core/tpm/bytes.ts';
import { boundClients, bridgeBounds, type ClientBounds } from './bound-clients.ts';
import { closeServer, listenOn } from './listening.ts';
import { serveMessages, type LengthOf } from './serve-messages.ts';
import type { SharedTpm } from './shared-tpm.ts';

/** A TPM at a socket file that carries raw commands. */
export interface RawBridge {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Offers a TPM as `swtpm socket --server type=unixio` does, for `tpm2-tools -T swtpm:path=…`: commands at `path`, control
 * at `path.ctrl`. A TPM without power gets it with the first command and is started up, as swtpm's `startup-clear` does.
 *
 * @param path at most 102 bytes, as a socket address has room for 107.
 */
export async function openRawBridge(
  tpm: SharedTpm,
  path: string,
  bounds: ClientBounds = bridgeBounds,
): Promise<RawBridge> {
  const data = createServer((socket) => {
    void serveMessages(socket, commandLength, (command) => tpm.transmitStarted(command));
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
  throw new Error(`somebody listens at ${path} already`);
}

/** Bytes 2 to 5 of a command are its length (TPM 2.0 Part 1 18.2). */
const commandLength: LengthOf = (start) => {
  if (start.length < 6) return 'more';
  const length = start.readUInt32BE(2);
  return length < 10 || length > messageLimit ? 'broken' : length;
};

const messageLimit = 64 * 1024;

/** Words of swtpm's control channel, four bytes each. */
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
      // The next command brings power and TPM2_Startup.
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

/** Result codes of TPM 1.2, which the control channel kept. */
const success = 0;
const badLocality = 0x3d;
