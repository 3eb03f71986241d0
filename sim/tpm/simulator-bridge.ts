import { createServer, type Server } from 'node:net';
import { u16, u32 } from '../../core/tpm/bytes.ts';
import { boundClients, bridgeBounds, type ClientBounds } from './bound-clients.ts';
import { closeServer, listenOn } from './listening.ts';
import { serveMessages, type LengthOf } from './serve-messages.ts';
import type { SharedTpm } from './shared-tpm.ts';

/** A TPM at two successive ports, like Microsoft's simulator: a port for commands, and the next port for power. */
export interface SimulatorBridge {
  /** The command port, on 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves a TPM by the TCP protocol of the TPM 2.0 reference simulator (ms-tpm-20-ref, TcpServer.c). TSS.JS, TSS.NET, TSS.Java, Azure's C
 * SDK, tpm2-tools and the IBM TSS use this protocol. As in the reference, the client starts the TPM up after power-on (TPM2_Startup), and a
 * TPM without power answers with no octets. Unlike the reference, the bridge serves several clients at a time: programs that open a second
 * client before they close the first would otherwise hang.
 *
 * @param firstPort first port to try for two free neighbours.
 * @throws Error if there are no two free ports.
 */
export async function openSimulatorBridge(
  tpm: SharedTpm,
  firstPort = 2321,
  bounds: ClientBounds = bridgeBounds,
): Promise<SimulatorBridge> {
  const command = createServer((socket) => {
    socket.setNoDelay(true);
    void serveMessages(socket, commandLength, (message) => answerCommand(tpm, message));
  });
  const platform = createServer((socket) => {
    socket.setNoDelay(true);
    void serveMessages(socket, platformLength, (message) => answerPlatform(tpm, message));
  });
  const closeAll = [command, platform].map(closeServer);
  const port = await listenOnPair(command, platform, firstPort);
  boundClients(command, `the TPM port ${port}`, bounds);
  boundClients(platform, `the TPM port ${port + 1}`, bounds);
  return {
    port,
    close: async () => {
      await Promise.all(closeAll.map((close) => close()));
    },
  };
}

async function listenOnPair(command: Server, platform: Server, firstPort: number): Promise<number> {
  for (let port = firstPort; port < firstPort + 2 * pairsTried; port += 2) {
    if (!(await listenOn(command, port))) continue;
    if (await listenOn(platform, port + 1)) return port;
    await new Promise((done) => command.close(done));
  }
  throw new Error(
    `a TPM needs two free neighbouring ports, found none from ${firstPort} to ${firstPort + 2 * pairsTried - 1}; choose another first port`,
  );
}

const pairsTried = 100;

/** Command codes of the simulator protocol, four octets each. */
const words = {
  powerOn: 1,
  powerOff: 2,
  physicalPresenceOn: 3,
  physicalPresenceOff: 4,
  sendCommand: 8,
  cancelOn: 9,
  cancelOff: 10,
  nvOn: 11,
  nvOff: 12,
  keyCacheOn: 13,
  keyCacheOff: 14,
  handshake: 15,
  reset: 17,
  restart: 18,
  sessionEnd: 20,
  stop: 21,
} as const;

/** Answer to the handshake: version 1, and the bits of the reference for platform port, raw mode and physical presence. */
const greeting = Buffer.concat([u32(1), u32(1 | 4 | 8), u32(0)]);
const acknowledged = u32(0);

const commandLength: LengthOf = (start) => {
  if (start.length < 4) return 'more';
  switch (start.readUInt32BE(0)) {
    case words.handshake:
      return 8;
    case words.sendCommand: {
      // The header has nine octets: command code, one octet of locality, length.
      if (start.length < 9) return 'more';
      const length = start.readUInt32BE(5);
      return length > messageLimit ? 'broken' : 9 + length;
    }
    case words.sessionEnd:
    case words.stop:
      return 4;
    default:
      return 'broken';
  }
};

/** Largest message in octets. No TPM accepts a command of this length. */
const messageLimit = 64 * 1024;

async function answerCommand(tpm: SharedTpm, message: Buffer): Promise<Buffer | 'end'> {
  switch (message.readUInt32BE(0)) {
    case words.handshake:
      return greeting;
    case words.sendCommand: {
      const isOrdinary = message.readUInt8(4) === 0;
      const response = isOrdinary ? await tpm.transmit(message.subarray(9)) : wrongLocality;
      return Buffer.concat([u32(response.length), response, acknowledged]);
    }
    default:
      // The reference simulator stops here. One client must not stop the TPM of all clients, so only its connection ends.
      return 'end';
  }
}

/** Response with TPM_RC_LOCALITY: swtpm on a socket pair supports only locality 0. */
const wrongLocality = Buffer.concat([u16(0x8001), u32(10), u32(0x907)]);

const platformLength: LengthOf = (start) => (start.length < 4 ? 'more' : 4);

async function answerPlatform(tpm: SharedTpm, message: Buffer): Promise<Buffer | 'end'> {
  switch (message.readUInt32BE(0)) {
    case words.powerOn:
      await tpm.powerOn();
      return acknowledged;
    case words.powerOff:
      await tpm.powerOff();
      return acknowledged;
    case words.reset:
      await tpm.reset();
      return acknowledged;
    // These commands need no action: swtpm always has its storage on, assumes physical presence and caches no RSA keys.
    case words.restart:
    case words.keyCacheOn:
    case words.keyCacheOff:
    case words.physicalPresenceOn:
    case words.physicalPresenceOff:
    case words.cancelOn:
    case words.cancelOff:
    case words.nvOn:
    case words.nvOff:
      return acknowledged;
    default:
      return 'end';
  }
}
