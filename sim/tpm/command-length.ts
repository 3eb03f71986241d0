import type { LengthOf } from './serve-messages.ts';

/**
 * Returns a function that reads the length of a TPM command from its octets 2 to 5 (TPM 2.0 Part 1 18.2).
 * @param limit length of the longest valid command, in octets.
 */
export function commandLengthUpTo(limit: number): LengthOf {
  return (start) => {
    if (start.length < 6) return 'more';
    const length = start.readUInt32BE(2);
    return length < headerLength || length > limit ? 'broken' : length;
  };
}

const headerLength = 10;
