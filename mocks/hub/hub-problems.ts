/**
 * Every refusal of a hub, as it goes over its wires. The numbers are those that the hub documents; sentences marked "ours"
 * are not publicly known word for word.
 */
export const hubProblems = {
  /** Ours: the sentence. */
  argumentInvalid: { status: 400, errorCode: 400004, name: 'ArgumentInvalid', message: 'The request is not valid.' },
  /** A twin that breaks a limit. Ours: the sentence. */
  twinInvalid: { status: 400, errorCode: 400004, name: 'ArgumentInvalid', message: 'The twin document is not valid.' },
  deviceNotFound: { status: 404, errorCode: 404001, name: 'DeviceNotFound', message: 'Device not registered' },
  /** Ours: the sentence. */
  preconditionFailed: { status: 412, errorCode: 412001, name: 'PreconditionFailed', message: 'Precondition failed.' },
} as const satisfies Record<string, HubProblem>;

/** A refusal of a hub: HTTP status (also of an MQTT answer), number and name of the error, and a sentence. */
export interface HubProblem {
  readonly status: number;
  readonly errorCode: number;
  readonly name: string;
  readonly message: string;
}
