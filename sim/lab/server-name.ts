import { isIP } from 'node:net';

/**
 * Returns true if a server certificate can have this name: an IP address, or a DNS name in ASCII whose first label may be a wildcard. A
 * name with one label is valid, because containers and services have such names.
 */
export function isServerName(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const labels = text.replace(/^\*\.(?=.+\.)/, '').split('.');
  // A name whose last label is a number must be an IP address.
  if (/^\d+$/.test(labels.at(-1) ?? '')) return false;
  return text.length <= 253 && labels.every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** Error message for a name that `isServerName` rejects. */
export const serverNameSentence =
  'expected a DNS name such as dps.lab.svc.cluster.local, or an IP address (internationalized names as xn--…)';
