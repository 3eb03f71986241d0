import type { Attestation, Transport } from '../../core/history/events.ts';
import type { SkewedClock } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import type { KeyStoreName } from '../key-stores/index.ts';
import type { HeldSymmetricKey, KeyStore } from '../key-stores/key-store.ts';
import type { ClientIdentity } from '../transports/tls-connection.ts';
import type { HubLine } from './hub-line.ts';
import type { RenewalAgent } from './renewal.ts';
import type { PowerCut } from './power-cut.ts';
import type { RetryMode } from './retry.ts';
import type { TpmChip } from './tpm-chip.ts';

/** A simulated device: what is soldered, flashed and stored, and how it behaves when it wakes. */
export interface Device {
  readonly name: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  readonly boot: 'hub-first' | 'always-register';
  /** Where in the network it is, an address of this computer; any where absent. */
  readonly address?: string | undefined;
  /** ISO 8601: how long its tokens live; an hour where absent. */
  readonly tokenLifetime?: string | undefined;
  /** Whether it asks for the time when it starts. */
  readonly ntp: boolean;
  readonly checksServerValidity: boolean;
  /** Whether it goes on with whatever server answers. */
  readonly trustsAnyone?: boolean;
  readonly retry: RetryMode;
  /** What it goes to the hub with: what it registered with, or a certificate that it asks DPS for. */
  readonly credential: 'own' | 'issued-by-dps';
  /** Name in its request for a certificate; the registration ID where undefined. */
  readonly csrName: string | undefined;
  readonly clock: SkewedClock;
  /** What it draws by chance, such as how long it waits. */
  readonly random: Random;
  /** Another one after the chip or its board was replaced. */
  tpm: TpmChip | undefined;
  /** Whether its registration ID is made from the endorsement key of the chip that it has now. */
  readonly namedByChip: boolean;
  /** When its power will go in its next attempt. */
  powerCut: PowerCut | undefined;
  /** Where its key lives, by the word of the scenario. */
  readonly keyStore: KeyStoreName;
  readonly keys: KeyStore;
  /** Undefined until it is known. */
  registrationId: string | undefined;
  /** DER of the roots it trusts servers by. */
  trustStore: readonly Buffer[];
  flash: Flash;
  /** The hub it was last assigned to. */
  assigned: { readonly hub: string; readonly deviceId: string } | undefined;
  /** Who plays it, where it is no device of a line. */
  readonly by?: 'attacker';
  /** Instant at which a clock without battery starts again; undefined while the battery lasts. */
  clockRestartsAt: number | undefined;
  /** DER of the certificate that was read out of it, where it made one itself. */
  extractedCertificate?: Buffer;
  /** Renews its certificate, where it was made to. */
  readonly renewal?: RenewalAgent;
  /** The connection to its hub that it keeps, if it does; the hub may have ended it. */
  line?: HubLine | undefined;
  /** The last token by which it answered a challenge of the service: what somebody who reads along has of it. */
  lastAnswer?: string | undefined;
  /** Whether it has no network. */
  offline?: boolean;
  /** Why it has no credential whatever is flashed: for those who only pretend to be the device. */
  readonly lacks?: string;
}

/** Whom a device calls. */
interface ClientConfig {
  readonly idScope: string;
  readonly endpoint: string;
  /** False: it calls port 1883 and speaks MQTT there without TLS. */
  readonly tls?: boolean;
}

/** What was written into a device's memory. */
export interface Flash {
  /** Client configuration: without it the device does not know whom to call. */
  readonly config?: ClientConfig;
  readonly certificate?: InstalledCertificate;
  /** A new certificate that has not proved itself yet. */
  readonly spare?: InstalledCertificate;
  /** What DPS issued, for the hub only. */
  readonly issued?: InstalledCertificate;
  /** Raw bytes, or what signs with bytes that nobody can read. */
  readonly symmetricKey?: Buffer | HeldSymmetricKey;
}

export type InstalledCertificate = ClientIdentity & {
  /** DER of the leaf. */
  readonly leaf: Buffer;
  /** Made in the device: nobody else has seen it until it is read out. */
  readonly isDeviceMade?: boolean;
};
