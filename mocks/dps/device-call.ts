import type { Transport } from '../../core/history/events.ts';
import type { Credentials } from '../shared/credentials.ts';

/** What every request of a device comes with, whatever the door. */
export interface DeviceCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly credentials: Credentials;
  /** The wire: HTTPS, MQTT and AMQP are known to answer a bad token differently. */
  readonly door: Transport;
  /** One of `deviceApiVersions`: doors refuse the others. Answers differ by it. */
  readonly apiVersion: string;
}
