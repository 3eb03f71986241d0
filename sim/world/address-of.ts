/**
 * Returns the IP address of the device with this number. On Linux, all of 127.0.0.0/8 belongs to this computer. Other systems have only
 * 127.0.0.1: the result is then undefined, and services see all devices at the same address.
 */
export function addressOf(number: number): string | undefined {
  return process.platform === 'linux' ? `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}` : undefined;
}

/** The IP address from which attackers connect. */
export const attackerAddress = process.platform === 'linux' ? '127.66.6.6' : undefined;
