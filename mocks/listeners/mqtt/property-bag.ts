import { isoInstant, parseInstant } from '../../../core/time/clock.ts';
import type { HubMessage } from '../../hub/messages/hub-message.ts';

/**
 * Reads the properties of a message from the end of an MQTT topic, `%24.mid=7&colour=red`. The names of system properties begin
 * with `$.`. Returns undefined if the percent-encoding is invalid.
 */
export function readPropertyBag(text: string, body: Buffer): HubMessage | undefined {
  const properties = new Map<string, string>();
  try {
    for (const pair of text.split('&').filter((each) => each !== '')) {
      const equals = pair.indexOf('=');
      const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals));
      properties.set(name, equals < 0 ? '' : decodeURIComponent(pair.slice(equals + 1)));
    }
  } catch {
    return undefined;
  }
  const take = (name: string): string | undefined => {
    const value = properties.get(name);
    properties.delete(name);
    return value;
  };
  const expiry = take('$.exp');
  return {
    body,
    messageId: take('$.mid'),
    correlationId: take('$.cid'),
    userId: take('$.uid'),
    to: take('$.to'),
    contentType: take('$.ct'),
    contentEncoding: take('$.ce'),
    creationTime: take('$.ctime'),
    expiresAt: expiry === undefined ? undefined : parseInstant(expiry),
    properties,
  };
}

/** Returns the properties of a message to a device, in the form in which an MQTT topic contains them. */
export function writePropertyBag(message: HubMessage): string {
  const { properties, expiresAt } = message;
  const system: readonly (readonly [string, string | undefined])[] = [
    ['$.to', message.to],
    ['$.mid', message.messageId],
    ['$.cid', message.correlationId],
    ['$.uid', message.userId],
    ['$.ct', message.contentType],
    ['$.ce', message.contentEncoding],
    ['$.exp', expiresAt === undefined ? undefined : isoInstant(expiresAt)],
    ['iothub-ack', message.ack],
  ];
  return [...system, ...properties]
    .flatMap(([name, value]) => (value === undefined ? [] : `${encode(name)}=${encode(value)}`))
    .join('&');
}

/** Percent-encodes a text. A lone surrogate cannot be encoded, so it becomes U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
