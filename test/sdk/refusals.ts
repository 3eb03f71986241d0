import type { Transport } from '../../core/history/events.ts';

const overHttps = {
  401: 'UnauthorizedError',
  // No class of its own: `Error: Not found`.
  404: 'Error',
  429: 'ThrottlingError',
  500: 'InternalServerError',
} as const;

/** From 429 on it reports nothing: it asks again. */
const overMqtt = { 401: 'UnauthorizedError', 404: 'DeviceNotFoundError' } as const;

/** The SDK hands on what its library made of the rejection, which is no Error and has a condition instead of a name. */
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

/** What the SDK says where the service ends an MQTT connection before anything is asked: a CONNACK has no words. */
const connack = {
  /** CONNACK 3. */
  unavailable: 'Connection refused: Server unavailable',
  /** CONNACK 5. */
  notAuthorized: 'Connection refused: Not authorized',
} as const;

/** Refusals at the CONNECT; absent where a wire has none and the answer to the first call says it. */
export const atConnect: Readonly<Partial<Record<Transport, typeof connack>>> = { mqtt: connack, 'mqtt-ws': connack };
