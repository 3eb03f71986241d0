import { failed, notExercised, passed, type Finding } from './finding.ts';
import { requestKinds } from './judge-refused-server.ts';
import type { WorldRecord } from './world-record.ts';

/**
 * Judges whether the client sends a request to a server that the client should accept.
 * @param server completes the phrase "a server …".
 */
export function judgeAcceptedServer({ events }: WorldRecord, server: string): Finding {
  const spoke = events.find(({ kind }) => requestKinds.has(kind));
  if (spoke !== undefined) return passed('the client sent a request', spoke);
  const tried = events.find(({ kind }) => kind === 'opened' || kind === 'handshake-failed');
  return tried === undefined
    ? notExercised('the client opened no connection')
    : failed(`a request to a server ${server}`, 'the client ended the connection after the handshake', tried);
}
