import { generateKeyPair as generate, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The kinds of keys for which the program can create certificates. */
export const keyKinds = ['P-256', 'P-384', 'RSA-2048'] as const;

export type KeyKind = (typeof keyKinds)[number];

export interface KeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/**
 * Generates a key pair from the random source of the operating system. The seed of a run does not determine keys, so an
 * attacker cannot predict them.
 */
export async function generateKeyPair(kind: KeyKind): Promise<KeyPair> {
  // An elliptic curve key takes less time than the way to another thread and back; an RSA key takes tenths of a second.
  const pair =
    kind === 'RSA-2048'
      ? await generateAsync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind });
  return { kind, ...pair };
}

const generateAsync = promisify(generate);
