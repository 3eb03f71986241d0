import type { CheckId, Judge } from '../checks.ts';
import type { SecretChange } from '../findings/secrets.ts';
import type { Finding } from '../findings/signals/signal.ts';
import type { Millis } from '../time/clock.ts';
import type { Decision } from './decision.ts';

/** What happened, without the instant. */
export type Happening =
  | { readonly kind: 'step-started'; readonly step: number; readonly name: string; readonly line: number }
  | { readonly kind: 'step-ended'; readonly step: number }
  | { readonly kind: 'time-jumped'; readonly from: Millis; readonly to: Millis }
  /** Something that a person or a station did, in words, with what it did it to. */
  | {
      readonly kind: 'deed';
      readonly party: Party;
      /** Where it was done, if that was a station of the scenario. */
      readonly station?: string;
      readonly subject: string;
      readonly sentence: string;
    }
  /** A station needed what it does not hold, and so a network, whether or not it has one. */
  | { readonly kind: 'asked-afar'; readonly station: string; readonly what: string }
  | ({ readonly kind: 'secret' } & SecretChange)
  | ({ readonly kind: 'unit' } & Unit)
  | ({ readonly kind: 'line-ended' } & LineEnd)
  | ({ readonly kind: 'reconciled' } & Reconciliation)
  | ({ readonly kind: 'blast-radius' } & BlastRadius)
  | ({ readonly kind: 'drill' } & Drill)
  /** What somebody found who went through the books of the services. */
  | { readonly kind: 'signals'; readonly findings: readonly Finding[] }
  | { readonly kind: 'wire'; readonly door: Door; readonly from: string; readonly to: string; readonly message: string }
  | ({ readonly kind: 'service-record' } & ServiceRecord)
  | ({ readonly kind: 'decision' } & Decision)
  | {
      readonly kind: 'attempt-started';
      readonly device: string;
      readonly registrationId: string;
      readonly attestation: Attestation;
      readonly transport: Transport;
      /** Where it is none of a device. */
      readonly by?: 'attacker';
      /** Network address that the device calls from, if it has one of its own. */
      readonly from?: string;
      /** What the clock of the device says, where that is not the time. */
      readonly clock?: Millis;
    }
  | ({ readonly kind: 'attempt-ended'; readonly device: string; readonly registrationId: string } & AttemptEnd);

/** Who acts in a timeline. */
export const parties = [
  'tpm-maker',
  'hsm-vendor',
  'third-party-pki',
  'manufacturer',
  'contract-manufacturer',
  'software-installer',
  'warehouse',
  'customer',
  'cloud-operator',
  'device',
  'attacker',
] as const;

export type Party = (typeof parties)[number];

/** The way by which a message came in. */
export type Door = Transport;

export type HistoryEvent = Happening & { readonly at: Millis };

export type Attestation = 'x509' | 'tpm' | 'symmetricKey';

/** The wires of the device API; `-ws` is the same protocol inside a WebSocket, on the port of HTTPS. */
export const transports = ['mqtt', 'https', 'amqp', 'mqtt-ws', 'amqp-ws'] as const;
export type Transport = (typeof transports)[number];

/** How an attempt to get into service ended, as its own device saw it on the wire. */
export interface AttemptEnd {
  /** `assigned` only when the hub accepted a telemetry message with the credential that was earned. */
  readonly outcome: 'assigned' | 'refused' | 'failed';
  /** Where it ended, in a sentence. */
  readonly sentence: string;
  /** Host name of the hub that DPS named, also when that hub then refused. */
  readonly assignedHub?: string;
  readonly deviceId?: string;
  readonly substatus?: string;
  /** The service's own number, such as 401002. */
  readonly errorCode?: number;
  /** Whether the hub took the message; `none` when it never came to that. */
  readonly telemetry: 'accepted' | 'refused' | 'none';
  /** Registration requests that were sent, the unauthenticated one of a TPM not counted twice. */
  readonly attempts: number;
}

/** One attempt of one device, with the check that decided against it: a row of the results. */
export interface Registration extends AttemptEnd {
  readonly device: string;
  readonly registrationId: string;
  readonly attestation: Attestation;
  readonly transport: Transport;
  /** ISO 8601 instant at which it ended. */
  readonly at: string;
  /** ISO 8601 duration from its start to its end, in virtual time. */
  readonly took: string;
  /** Name of the hub in the scenario, where `assignedHub` is one of its hubs. */
  readonly hub?: string;
  readonly check?: CheckId;
  readonly decidedBy?: Judge;
}

/** How far one theft reaches: who was tried with the loot, and whom the service took the thief for. */
export interface BlastRadius {
  /** Name that it was taken under. */
  readonly loot: string;
  /** Registration IDs that were tried, in that order. */
  readonly tried: readonly string[];
  /** How many there were to try; more than were tried where these are a sample. */
  readonly candidates: number;
  /** Those of the tried whose telemetry a hub took from the thief. */
  readonly impersonated: readonly string[];
}

/** How a defence worked: what an attacker and honest devices could still do from its moment on, looked at again and again. */
export interface Drill {
  /** Name that the attacker's loot was taken under. */
  readonly loot: string;
  /** Registration ID that the attacker goes by. */
  readonly registrationId: string;
  /** ISO 8601: time from one look to the next, and so how exact the times below are. */
  readonly every: string;
  /** ISO 8601: how long it was looked at. */
  readonly watched: string;
  /** ISO 8601: when DPS took the attacker no more, for as long as it was looked at; `never` where it did to the end. */
  readonly outOfDps: string;
  /** The same of the hub: neither what he had for it nor what DPS gave him anew was taken there. */
  readonly outOfHub: string;
  /** Honest devices that were looked at. */
  readonly honest: readonly string[];
  /** Those of the honest that did not get into service any more at the last look. */
  readonly hurt: readonly string[];
}

/** Stands for a time that did not come. */
export const never = 'never';

/** What a production line has to say of itself when it stops. */
interface LineEnd {
  /** The device or fleet that was built. */
  readonly product: string;
  /** Names of stations, in the order that units pass them. */
  readonly stations: readonly string[];
  readonly ordered: number;
  readonly startedAt: Millis;
}

/** What was found when the service's list was held against the audit trail; registration IDs. */
export interface Reconciliation {
  /** In the audit trail, but not in the books of any line: built beyond the order. */
  readonly overproduced: readonly string[];
  /** Enrolled or registered, but nobody saw an identity go into them. */
  readonly unaudited: readonly string[];
  /** Enrolled or registered, although the board was scrapped or rejected. */
  readonly scrapped: readonly string[];
}

/** What became of a unit that a line began. */
export const fates = ['shipped', 'unpacked', 'scrapped', 'rejected', 'off-the-books'] as const;

export type Fate = (typeof fates)[number];

/** A unit at the end of its line. */
export interface Unit {
  readonly device: string;
  readonly fate: Fate;
  /** The check of the quality check that rejected it. */
  readonly check?: CheckId;
}

/** A line in a service's own log about somebody at its door: what the people who run it have to go by. */
export interface ServiceRecord {
  /** `dps`, or the host of a hub. */
  readonly service: string;
  /** Registration ID, or at a hub the device ID, as it was given. */
  readonly identity: string;
  /** Network address; undefined where no connection brought it. */
  readonly from?: string;
  /** Attested, sent a challenge, or the check that decided against. */
  readonly outcome: 'attested' | 'challenged' | CheckId;
  /** Of the token that was shown, as it says itself. */
  readonly tokenExpiresAt?: Millis;
  /** SHA-256 of the endorsement key that was shown, hex. */
  readonly endorsementKey?: string;
}
