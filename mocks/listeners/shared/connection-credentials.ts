import type { TLSSocket } from 'node:tls';
import { defined } from '../../../core/defined.ts';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import type { Credentials } from '../../shared/credentials.ts';

/** The credentials that are known before the client sends data: its certificates and its network address. */
export type ConnectionCredentials = Omit<Credentials, 'token'>;

/** Reads the credentials of a connection. Call it early: they are not available after the client has disconnected. */
export function connectionCredentials(socket: TLSSocket): ConnectionCredentials {
  const { remoteAddress: from } = socket;
  return { certificates: peerChain(socket), ...defined({ from }) };
}
