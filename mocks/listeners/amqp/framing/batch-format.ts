/** Several messages in one, each in a data section, as Service Bus and IoT SDKs write it. */
export const batchFormat = 0x80013700;
