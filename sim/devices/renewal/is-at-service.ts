import type { RenewalWords } from '../../scenario/words/renewal-words.ts';

/** Returns true if a device renews the certificate that DPS issued for its hub, and false if it renews the certificate of a CA. */
export function isAtService({ from }: Pick<RenewalWords, 'from'>): boolean {
  return from === 'dps' || from === 'hub';
}
