import type { Transport } from '../../core/history/events.ts';

const overHttps = {
  401: 'UnauthorizedError',
  // No separate class: `Error: Not found`.
  404: 'Error',
  429: 'ThrottlingError',
  500: 'InternalServerError',
} as const;

/** From 429 on the SDK reports nothing and retries. */
const overMqtt = { 401: 'UnauthorizedError', 404: 'DeviceNotFoundError' } as const;

/** The SDK passes on the rejection of its library, which is not an Error and has a condition instead of a name. */
const overAmqp = {
  401: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  429: 'com.microsoft:device-container-throttled',
  500: 'amqp:internal-error',
} as const;

/** By status of the service: name of the error, or AMQP condition, by which the device SDK reports a refusal. */
export const refusalNames = {
  https: overHttps,
  mqtt: overMqtt,
  'mqtt-ws': overMqtt,
  amqp: overAmqp,
  'amqp-ws': overAmqp,
} as const satisfies Record<Transport, object>;

/** The error of the SDK if the service refuses an MQTT connection: a CONNACK has no message. */
const connack = {
  /** CONNACK 3. */
  unavailable: 'Connection refused: Server unavailable',
  /** CONNACK 5. */
  notAuthorized: 'Connection refused: Not authorized',
} as const;

/** Refusals at the CONNECT. Absent for protocols that report the refusal in the first answer. */
export const atConnect: Readonly<Partial<Record<Transport, typeof connack>>> = { mqtt: connack, 'mqtt-ws': connack };
