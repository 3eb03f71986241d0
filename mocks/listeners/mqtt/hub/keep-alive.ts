/**
 * Returns the keep-alive for aedes, which waits one and a half times as long. A hub waits one and a half times the client's value, and at
 * most 1767 s. In seconds; 0 for no limit.
 */
export function brokerKeepAlive(clientKeepAlive: number): number {
  return Math.min(clientKeepAlive, longestWait / 1.5);
}

const longestWait = 1767;
