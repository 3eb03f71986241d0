/** The message format of a batch: several messages in one, each in a data section, as Service Bus and the IoT SDKs write it. */
export const batchFormat = 0x80013700;
