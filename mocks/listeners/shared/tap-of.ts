import type { TLSSocket } from 'node:tls';
import type { ConnectionTap, WireTap } from '../../../core/cloud/wire-tap.ts';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import { peerChain } from '../../../core/wire/peer-chain.ts';

/** Returns the tap of a connection. The first call reports the connection to the tap of the cloud. */
export function tapOf(tap: WireTap, socket: TLSSocket, transport: ListenerName): ConnectionTap {
  const known = taps.get(socket);
  if (known !== undefined) return known;
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  const opened = tap.opened({
    transport,
    serverName: typeof servername === 'string' ? servername : undefined,
    version: socket.getProtocol() ?? 'unknown',
    suite: socket.getCipher().name,
    certificates: peerChain(socket),
  });
  taps.set(socket, opened);
  socket.once('close', () => opened.closed());
  return opened;
}

const taps = new WeakMap<TLSSocket, ConnectionTap>();
