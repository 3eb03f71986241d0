import { isIP } from 'node:net';

/**
 * Returns true if a server certificate can have this name: a DNS name in ASCII, with or without a wildcard as its first label, or
 * an IP address. A name of one label is valid, since containers and services have such names.
 */
export function isServerName(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const labels = text.replace(/^\*\.(?=.+\.)/, '').split('.');
  // A name that ends in a number can only be an IP address.
  if (/^\d+$/.test(labels.at(-1) ?? '')) return false;
  return text.length <= 253 && labels.every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** The sentence for a name that `isServerName` rejects. */
export const serverNameSentence =
  'expected a DNS name such as dps.lab.svc.cluster.local, or an IP address (internationalized names as xn--…)';
