import { failed, notExercised, passed, type Finding } from './finding.ts';
import type { WorldRecord } from './world-record.ts';

/**
 * Judges whether the client sends no byte of a request to a server that the client should reject.
 * @param server completes the phrase "a server …".
 */
export function judgeRefusedServer({ events }: WorldRecord, server: string): Finding {
  const spoke = events.find(({ kind }) => requestKinds.has(kind));
  if (spoke !== undefined)
    return failed(`no byte of a request to a server ${server}`, 'the client sent a request', spoke);
  const tried = events.find(({ kind }) => kind === 'opened' || kind === 'handshake-failed');
  return tried === undefined
    ? notExercised('the client opened no connection')
    : passed('the client sent no byte after the handshake', tried);
}

/** Kinds of events which show that the client sent bytes after the handshake. */
export const requestKinds: ReadonlySet<string> = new Set(['connect', 'dps-request', 'http', 'bytes', 'unreadable']);
