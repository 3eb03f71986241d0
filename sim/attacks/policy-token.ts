import { formatSas, signSas } from '../../core/wire/sas.ts';
import type { Attacker } from './attacker.ts';

/** Returns a token for a host, signed with the key of a shared access policy. It expires in an hour. */
export function policyToken(
  { clock }: Pick<Attacker, 'clock'>,
  host: string,
  { policy, key }: { readonly policy: string; readonly key: Buffer },
): string {
  const [sr, se] = [encodeURIComponent(host), Math.floor(clock.now() / 1000) + 3600];
  return formatSas({ sr, sig: signSas(key, sr, se), se, skn: policy });
}
