import { spawn } from 'node:child_process';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { builtProgram } from '../../built-program.ts';
import { hsmMissing, tpmKeysMissing } from './parts-present.ts';
import { namesFoundInMemory } from './process-memory.ts';
import { pointOf, scalarOfChip, scalarOfPem, scalarOfToken } from './stolen-scalar.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());

const holder = `import './test/sim/key-stores/key-holder.ts';`;
const memoryMissing = existsSync('/proc/self/mem') ? undefined : 'this system does not show the memory of a process';

/** Returns the private key for which the test searches. The searched process contains this key only with the key store `file`. */
type Steal = (folder: string, publicKey: KeyObject, access: string) => Buffer;
const steals: Readonly<Record<'file' | 'hsm' | 'tpm', Steal>> = {
  file: (folder) => scalarOfPem(readFileSync(join(folder, 'key.pem'), 'utf8')),
  hsm: (folder, publicKey, access) => scalarOfToken(folder, /pin-value=(\w+)/.exec(access)?.[1] ?? '', publicKey),
  tpm: (folder, publicKey) => scalarOfChip(join(folder, 'chip'), publicKey),
};

test.for([
  // This case proves that the search works: it finds the key of the key store `file`, as a number in OpenSSL and in the PEM text.
  ['file', ['base64', 'little-endian', 'public point']],
  ['hsm', ['public point']],
  ['tpm', ['public point']],
] as const)(
  'after a TLS handshake with a key in the key store %s, the process has only these parts of the key in its memory: %o',
  async ([store, expected], { skip }) => {
    const missing = memoryMissing ?? { file: undefined, hsm: hsmMissing, tpm: tpmKeysMissing }[store];
    skip(missing !== undefined, missing);
    const folder = directory.subdirectory(store);
    const child = spawn(process.execPath, [await builtProgram(holder), store, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      const output = Promise.race([once(child.stdout, 'data'), exited]);
      const [line] = await withinRealTime(output, 50_000, 'the holder made no handshake');
      const { peer, publicKey, access } = JSON.parse(String(line)) as Record<'peer' | 'publicKey' | 'access', string>;
      expect(peer).toBe('it');
      const spki = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
      const scalar = steals[store](folder, spki, access);
      const found = namesFoundInMemory(child.pid ?? 0, { ...formsOf(scalar), 'public point': pointOf(spki) });
      expect(found.filter((name) => name !== 'big-endian')).toEqual(expected);
      child.stdin.end();
      expect(await withinRealTime(exited, 20_000, 'the holder did not end')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

/**
 * Returns the encodings of a private scalar: big-endian as in ASN.1 and JWK, little-endian as in the numbers of OpenSSL, and base64 as
 * in texts.
 */
function formsOf(scalar: Buffer): Readonly<Record<string, Buffer>> {
  return {
    'big-endian': scalar,
    'little-endian': Buffer.from(scalar.toReversed()),
    hex: Buffer.from(scalar.toString('hex')),
    HEX: Buffer.from(scalar.toString('hex').toUpperCase()),
    // In a PKCS #8 PEM text, the scalar starts at byte 36, and the line ends after its first twelve bytes.
    base64: Buffer.from(scalar.subarray(0, 12).toString('base64')),
  };
}
