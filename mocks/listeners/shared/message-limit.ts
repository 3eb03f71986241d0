/** Maximum number of bytes of one message to DPS, over any protocol: 96 KB. */
export const dpsMessageLimit = 96 * 1024;
