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
  if (kind === 'RSA-2048') return ahead.shift() ?? generateRsa();
  // An elliptic curve key takes less time than the way to another thread and back.
  return { kind, ...generateKeyPairSync('ec', { namedCurve: kind }) };
}

/**
 * Starts to generate RSA key pairs in other threads, for the next callers of `generateKeyPair`. A command whose modules still have to load
 * calls this, because a pair takes tenths of a second.
 */
export function generateRsaAhead(count: number): void {
  for (let pair = 0; pair < count; pair++) {
    const generated = generateRsa();
    // The caller that gets the pair handles the error.
    generated.catch(() => {});
    ahead.push(generated);
  }
}

async function generateRsa(): Promise<KeyPair> {
  return { kind: 'RSA-2048', ...(await generateAsync('rsa', { modulusLength: 2048 })) };
}

/** Pairs that no caller has got yet. */
const ahead: Promise<KeyPair>[] = [];

const generateAsync = promisify(generate);
