import type { Wire } from '../wire.ts';
import { openAmqpDps } from './amqp-dps.ts';
import { sendOverAmqp } from './amqp-hub.ts';

/** AMQP 1.0. */
export const amqpWire: Wire = {
  listener: 'amqp',
  hasLogin: true,
  openDps: openAmqpDps,
  sendToHub: sendOverAmqp,
};
