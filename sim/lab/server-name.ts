import { isIP } from 'node:net';

/**
 * Whether a server certificate can have this name: a DNS name in ASCII, with or without a wildcard for its first label, or an IP
 * address. A name of one label is one as well: containers and services have such names.
 */
export function isServerName(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const labels = text.replace(/^\*\.(?=.+\.)/, '').split('.');
  // Four numbers are an address, right or wrong, and no name.
  if (/^\d+$/.test(labels.at(-1) ?? '')) return false;
  return text.length <= 253 && labels.every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** What `isServerName` expects, for messages. */
export const serverNameSentence =
  'expected a DNS name such as dps.lab.svc.cluster.local, or an IP address (internationalized names as xn--…)';
