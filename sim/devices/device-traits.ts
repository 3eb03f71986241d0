import type { Attestation, Transport } from '../../core/history/events.ts';
import type { Random } from '../../core/random.ts';
import type { SkewedClock } from '../../core/time/clock.ts';
import type { KeyStoreName } from '../key-stores/key-store-name.ts';
import type { KeyStore } from '../key-stores/key-store.ts';
import type { ClientTls } from '../../core/wire/tls/client-tls.ts';
import type { RenewalState } from './renewal/renewal-state.ts';
import type { RetryMode } from './retry.ts';

/** Properties of a device that stay constant after its creation. */
export interface DeviceTraits {
  readonly name: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  readonly boot: 'hub-first' | 'always-register';
  /** Local IP address from which the device connects; an address of this computer. Default: any address. */
  readonly address?: string | undefined;
  /** Lifetime of the tokens of the device (ISO 8601). Default: one hour, as in the Node SDK. */
  readonly tokenLifetime?: string | undefined;
  /** True if the device sets its clock by NTP when it starts. */
  readonly ntp: boolean;
  readonly checksServerValidity: boolean;
  /** True if the device accepts every server certificate. */
  readonly trustsAnyone?: boolean | undefined;
  readonly retry: RetryMode;
  /** True if the device asks DPS for an update of its firmware before each registration. Default: false. */
  readonly updatesFirst?: boolean | undefined;
  /** True if the device calls the functions of the services directly, without network connections. Default: false. */
  readonly isDirect?: boolean | undefined;
  /** TLS settings that the device offers. Default: the settings of OpenSSL. */
  readonly tls?: ClientTls | undefined;
  /** Number of refusals in a row at which the retry modes `back-off` and `at-once` give up. Default: 8. */
  readonly tries?: number | undefined;
  /** Credential for the hub. `own`: the same as for DPS. `issued-by-dps`: a certificate that DPS issues with the registration. */
  readonly credential: 'own' | 'issued-by-dps';
  /** API version of the requests of the device to DPS. Default: 2019-03-31, or 2026-11-01 if DPS issues the certificate. */
  readonly apiVersion?: string | undefined;
  /** Common name in the certificate signing request of the device. Default: the registration ID. */
  readonly csrName: string | undefined;
  readonly clock: SkewedClock;
  /** Source of all random values of the device, such as the wait before a retry. */
  readonly random: Pick<Random, 'number'>;
  /** True if the registration ID is the hash of the endorsement key of the present TPM. */
  readonly namedByChip: boolean;
  readonly keyStore: KeyStoreName;
  readonly keys: KeyStore;
  /** Present if the device is not real: an attacker acts in its name. */
  readonly by?: 'attacker' | undefined;
  /** Present if the device renews its certificate. */
  readonly renewal?: RenewalState | undefined;
  /** Reason why the attacker who acts in the name of the device has no credential for it. */
  readonly lacks?: string | undefined;
}
