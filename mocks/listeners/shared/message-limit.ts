/** Octets of one message to DPS, over any wire: 96 KB. */
export const dpsMessageLimit = 96 * 1024;
