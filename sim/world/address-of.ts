/**
 * Where in the network the device of that number is. On Linux all of 127.0.0.0/8 is this computer; elsewhere only one address
 * is, and services see everybody call from there.
 */
export function addressOf(number: number): string | undefined {
  return process.platform === 'linux' ? `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}` : undefined;
}

/** Where attackers are. */
export const attackerAddress = process.platform === 'linux' ? '127.66.6.6' : undefined;
