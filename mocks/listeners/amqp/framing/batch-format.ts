/**
 * The message format of a batch: one message contains several messages, each in its own data section. Service Bus and the IoT
 * SDKs use this format.
 */
export const batchFormat = 0x80013700;
