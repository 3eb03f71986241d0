/**
 * The keep-alive that a broker is told so that it waits as long as a hub does: one and a half times what the client named, and
 * never more than 1767 s. Both in seconds; 0 for no limit.
 */
export function keptAlive(named: number): number {
  return Math.min(named, longestWait / 1.5);
}

const longestWait = 1767;
