import type { Transport } from '../../core/history/events.ts';

const overHttps = {
  401: 'UnauthorizedError',
  // The SDK has no separate class for this status: the error is `Error: Not found`.
  404: 'Error',
  429: 'ThrottlingError',
  500: 'InternalServerError',
} as const;

/** The list has no status from 429 on, because the SDK then reports no error and retries. */
const overMqtt = { 401: 'UnauthorizedError', 404: 'DeviceNotFoundError' } as const;

/** Over AMQP the SDK returns the rejection object of its AMQP library, which is not an Error and has a condition in place of a name. */
const overAmqp = {
  401: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  429: 'com.microsoft:device-container-throttled',
  500: 'amqp:internal-error',
} as const;

/** For each status with which the service refuses a device, what the device SDK reports: the name of the error, or the AMQP condition. */
export const refusalNames = {
  https: overHttps,
  mqtt: overMqtt,
  'mqtt-ws': overMqtt,
  amqp: overAmqp,
  'amqp-ws': overAmqp,
} as const satisfies Record<Transport, object>;

/** The error of the SDK if the service refuses an MQTT connection. A CONNACK contains no message. */
const connack = {
  /** CONNACK 3. */
  unavailable: 'Connection refused: Server unavailable',
  /** CONNACK 5. */
  notAuthorized: 'Connection refused: Not authorized',
} as const;

/**
 * The error if the service refuses the connection, for the protocols in which a CONNACK reports this. In the other protocols, the first
 * answer reports a refusal.
 */
export const atConnect: Readonly<Partial<Record<Transport, typeof connack>>> = { mqtt: connack, 'mqtt-ws': connack };
