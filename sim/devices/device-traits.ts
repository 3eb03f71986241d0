import type { Attestation, Transport } from '../../core/history/events.ts';
import type { Random } from '../../core/random.ts';
import type { SkewedClock } from '../../core/time/clock.ts';
import type { KeyStoreName } from '../key-stores/key-store-name.ts';
import type { KeyStore } from '../key-stores/key-store.ts';
import type { RenewalState } from './renewal-state.ts';
import type { RetryMode } from './retry.ts';

/** Properties of a device that never change after it was made. */
export interface DeviceTraits {
  readonly name: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  readonly boot: 'hub-first' | 'always-register';
  /** Source address of its connections, an address of this computer. Default: any. */
  readonly address?: string | undefined;
  /** Lifetime of its tokens (ISO 8601). Default: one hour, as in the Node SDK. */
  readonly tokenLifetime?: string | undefined;
  /** True if the device sets its clock from the network when it starts. */
  readonly ntp: boolean;
  readonly checksServerValidity: boolean;
  /** True if the device accepts every server, whatever its certificate. */
  readonly trustsAnyone?: boolean | undefined;
  readonly retry: RetryMode;
  /** Credential for the hub: the one for DPS, or a certificate that DPS issues with the registration. */
  readonly credential: 'own' | 'issued-by-dps';
  /** Common name in its certificate signing request. Default: the registration ID. */
  readonly csrName: string | undefined;
  readonly clock: SkewedClock;
  /** Source of everything that the device draws by chance, such as the time until a retry. */
  readonly random: Random;
  /** True if its registration ID is the hash of the endorsement key of its present TPM. */
  readonly namedByChip: boolean;
  readonly keyStore: KeyStoreName;
  readonly keys: KeyStore;
  /** Present if an attacker plays the device. */
  readonly by?: 'attacker' | undefined;
  /** Present if the device renews its certificate. */
  readonly renewal?: RenewalState | undefined;
  /** Reason why an attacker who plays the device has no credential for it. */
  readonly lacks?: string | undefined;
}
