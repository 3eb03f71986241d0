import type { Clock } from '../../core/time/clock.ts';
import type { History } from '../../core/history/history.ts';
import { freshKey, type Random } from '../../core/random.ts';
import type { Authority } from '../pki/authority.ts';
import type { Batch } from '../pki/batch.ts';
import { ThirdPartyPki } from '../pki/third-party.ts';
import type { ScenarioHead } from '../scenario/schema.ts';
import type { SecretLocation } from '../secrets/secrets-ledger.ts';

/** CAs and other key material that the manufacturer has or orders. */
export interface WorldPki {
  readonly settings: ScenarioHead['pki'];
  readonly authorities: ReadonlyMap<string, Authority>;
  /** The vendors that operate CAs, by the name of the CA. */
  readonly vendors: ReadonlyMap<string, ThirdPartyPki>;
  /** Batches of certificates that were ordered in advance, by the name of the order. */
  readonly batches: Map<string, StoredBatch>;
  /** Symmetric keys that several devices share, by name. */
  readonly sharedKeys: ReadonlyMap<string, Buffer>;
  /** Returns a serial number of 16 bytes that derives from the seed. The same purpose gives the same number. */
  serialNumber(purpose: string): Buffer;
}

/** A batch of certificates that were ordered in advance, and where their private keys are stored. */
export interface StoredBatch {
  readonly certificates: Batch;
  readonly location: SecretLocation;
}

/** Opens the vendors that operate CAs, and makes the shared keys. @param authorities the CAs of the scenario. */
export function openPki(
  { pki: settings, keys }: Pick<ScenarioHead, 'pki' | 'keys'>,
  authorities: ReadonlyMap<string, Authority>,
  { clock, history, random }: { readonly clock: Clock; readonly history: History; readonly random: Random },
): WorldPki {
  const vendors = new Map<string, ThirdPartyPki>();
  for (const [name, authority] of authorities) {
    const spec = settings[name];
    if (spec?.kind !== 'third-party') continue;
    const draw = random.fork('vendors').fork(name);
    vendors.set(name, new ThirdPartyPki({ clock, history, authority, spec, random: draw }));
  }
  return {
    settings,
    authorities,
    vendors,
    batches: new Map(),
    sharedKeys: new Map(keys.map((name) => [name, freshKey(64)])),
    serialNumber: (purpose) => random.fork(purpose).bytes(16),
  };
}
