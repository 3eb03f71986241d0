import type { Transport } from '../../core/history/events.ts';
import type { Credentials } from '../shared/credentials.ts';

/** The parts that every request of a device has, over any protocol. */
export interface DeviceCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly credentials: Credentials;
  /** The protocol: the real service answers a bad token differently over HTTPS, MQTT and AMQP. */
  readonly transport: Transport;
  /** One of `deviceApiVersions`: listeners refuse all other versions. Answers differ by version. */
  readonly apiVersion: string;
}
