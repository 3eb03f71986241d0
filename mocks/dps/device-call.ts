import type { Transport } from '../../core/history/events.ts';
import type { Credentials } from '../shared/credentials.ts';

/** The data that every request of a device contains, over any protocol. */
export interface DeviceCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly credentials: Credentials;
  /** The protocol of the request. The real service answers a bad token differently over HTTPS, MQTT and AMQP. */
  readonly transport: Transport;
  /** One of `deviceApiVersions`; listeners refuse all other versions. Some answers depend on the version. */
  readonly apiVersion: string;
}
