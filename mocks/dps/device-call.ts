import type { Transport } from '../../core/history/events.ts';
import type { Credentials } from '../shared/credentials.ts';

/** The parts that every request of a device has, over any protocol. */
export interface DeviceCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly credentials: Credentials;
  /** The protocol: HTTPS, MQTT and AMQP are known to answer a bad token differently. */
  readonly transport: Transport;
  /** One of `deviceApiVersions`: listeners refuse the others. Answers differ by version. */
  readonly apiVersion: string;
}
