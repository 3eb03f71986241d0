import { amqpListener } from './amqp/amqp.ts';
import { httpsListener } from './https/https.ts';
import type { Listener } from './listener.ts';
import { mqttListener } from './mqtt/mqtt.ts';

/** The listeners of a cloud, in the order in which they open. */
export const listeners: readonly Listener[] = [httpsListener, mqttListener, amqpListener];
