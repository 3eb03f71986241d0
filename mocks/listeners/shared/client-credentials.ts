import type { TLSSocket } from 'node:tls';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import type { Credentials } from '../../shared/credentials.ts';

/** What a connection tells of a client before it says anything. */
export type Shown = Omit<Credentials, 'token'>;

/** Taken as soon as it is there: a client that goes away takes it along. */
export function shownBy(socket: TLSSocket): Shown {
  const { remoteAddress: from } = socket;
  const certificates = peerChain(socket);
  return from === undefined ? { certificates } : { certificates, from };
}
