import type { CheckId, Judge } from '../checks.ts';

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
