/**
 * Returns the keep-alive in seconds for aedes; 0 means no limit. aedes multiplies the value by one and a half. A real
 * hub waits one and a half times the value of the client, but at most 1767 s.
 */
export function brokerKeepAlive(clientKeepAlive: number): number {
  return Math.min(clientKeepAlive, longestWait / 1.5);
}

const longestWait = 1767;
