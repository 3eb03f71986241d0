/**
 * Returns the network address of the device of that number. On Linux all of 127.0.0.0/8 is this computer. Elsewhere only one
 * address is, so the result is undefined and services see all devices at the same address.
 */
export function addressOf(number: number): string | undefined {
  return process.platform === 'linux' ? `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}` : undefined;
}

/** The network address of attackers. */
export const attackerAddress = process.platform === 'linux' ? '127.66.6.6' : undefined;
