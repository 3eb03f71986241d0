import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { done, succeeded } from '../../../core/result.ts';
import { TpmReader, tpm2b } from '../../../core/tpm/bytes.ts';
import { readStorageKey, type StorageKey } from '../../../core/tpm/public-area.ts';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../../sim/tpm/swtpm.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { loadedHandles } from './loaded-handles.ts';
import { toolMakeCredential, toolsMissing, withToolTpm } from './tpm2-tools.ts';

describe.skipIf(swtpmMissing)('TPM attestation between a device with swtpm and the service', () => {
  const directory = openRunDirectory();
  const stateDir = directory.subdirectory('tpm');
  let process: Swtpm;
  let tpm: Tpm;
  let keys: { readonly endorsementKey: Buffer; readonly storageRootKey: Buffer };

  const start = async (): Promise<void> => {
    process = await Swtpm.start({ stateDir });
    tpm = new Tpm((command) => process.transmit(command));
  };
  const keysOfAnotherTpm = async (): Promise<typeof keys> => {
    const other = await Swtpm.start({ stateDir: directory.subdirectory('other') });
    const otherTpm = new Tpm((command) => other.transmit(command));
    const theirs = { endorsementKey: await otherTpm.endorsementKey(), storageRootKey: await otherTpm.storageRootKey() };
    await other.stop();
    return theirs;
  };
  const challenge = (key: Buffer, of = keys): Buffer => {
    const made = makeChallenge({ ...of, key, random: randomBytes });
    if (!made.ok) throw new Error(made.failure.sentence);
    return made.value;
  };

  beforeAll(async () => {
    await start();
    keys = { endorsementKey: await tpm.endorsementKey(), storageRootKey: await tpm.storageRootKey() };
  });
  afterAll(async () => {
    await process.stop();
    directory.close();
  });

  test('sends keys in the encoding that the SDKs send', () => {
    const { endorsementKey, storageRootKey } = keys;
    expect([endorsementKey.length, storageRootKey.length]).toEqual([316, 284]);
    expect(endorsementKey.toString('base64')).toMatch(/^AToAAQALAAMAsgAgg3GXZ0SE/);
    expect(storageRootKey.toString('base64')).toMatch(/^ARoAAQALAAMEcgAAAAYAgABD/);
  });

  test('stores in the TPM the key that the service wrapped, and the TPM signs short and long data with this key', async () => {
    const key = randomBytes(32);
    expect(await tpm.activateIdentity(challenge(key))).toEqual(done);
    for (const length of [0, 1, 1024, 1025, 2048, 5000]) {
      const data = randomBytes(length);
      const signed = await tpm.signWithIdentity(data);
      expect(signed).toEqual(succeeded(createHmac('sha256', key).update(data).digest()));
    }
  });

  test('leaves no object or session loaded after a hundred good and bad activations', async () => {
    const good = challenge(randomBytes(32));
    const bad = Buffer.from(good);
    // Changes the last byte of the wrapped key in the blob.
    bad.writeUInt8(bad.readUInt8(54 + 258 + 143) ^ 1, 54 + 258 + 143);
    for (let round = 0; round < 50; round++) {
      expect(await tpm.activateIdentity(good)).toEqual(done);
      expect(await tpm.activateIdentity(bad)).toMatchObject({ failure: { command: 'Import', responseCode: 0x3df } });
    }
    expect(await loadedHandles((command) => process.transmit(command))).toEqual([]);
  });

  test('fails with a sentence for a modified blob, keeps the former key, and leaves no object loaded', async () => {
    expect(await tpm.activateIdentity(challenge(randomBytes(32)))).toEqual(done);
    const blob = challenge(randomBytes(32));
    const before = await tpm.signWithIdentity(blob);
    const sizes = structureSizes(blob);
    // Replaces one of the five structures that the TPM uses by a structure of any size, or changes one byte of this structure.
    const which = fc.nat(4);
    const replaced = fc.tuple(which, fc.constantFrom(0, 1, 17, 300, 3000, 9000, 65_535)).map(([index, length]) => {
      const [from, to] = spanOf(sizes, index);
      return Buffer.concat([blob.subarray(0, from), tpm2b(randomBytes(length)), blob.subarray(to)]);
    });
    const flipped = fc.tuple(which, fc.nat(257), fc.integer({ min: 1, max: 255 })).map(([index, at, mask]) => {
      const [from, to] = spanOf(sizes, index);
      const bytes = Buffer.from(blob);
      const place = from + 2 + (at % (to - from - 2));
      bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place);
      return bytes;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(replaced, flipped), async (bytes) => {
        const outcome = await tpm.activateIdentity(bytes);
        expect(!outcome.ok && outcome.failure.sentence).toMatch(/^TPM response 0x/);
        expect(await loadedHandles((command) => process.transmit(command))).toEqual([]);
      }),
      { seed: 1, numRuns: 120 },
    );
    expect(await tpm.signWithIdentity(blob)).toEqual(before);
  });

  test('fails for a blob for another TPM, or for another owner of the same TPM', async () => {
    const theirs = await keysOfAnotherTpm();
    const forTheirEk = challenge(randomBytes(32), { ...keys, endorsementKey: theirs.endorsementKey });
    const forTheirSrk = challenge(randomBytes(32), { ...keys, storageRootKey: theirs.storageRootKey });
    expect(await tpm.activateIdentity(forTheirEk)).toMatchObject({
      failure: { command: 'ActivateCredential', responseCode: 0x101 },
    });
    expect(await tpm.activateIdentity(forTheirSrk)).toMatchObject({
      failure: { command: 'ActivateCredential', responseCode: 0x1df },
    });
  });

  test('fails at the command TPM2_Import if the credential is for this TPM but the key is for another TPM', async () => {
    const [theirs, inner] = [await keysOfAnotherTpm(), randomBytes(16)];
    const [ours, foreign] = [keys, { ...keys, storageRootKey: theirs.storageRootKey }].map((of) => {
      const draws = [inner];
      const made = makeChallenge({ ...of, key: randomBytes(32), random: (n) => draws.shift() ?? randomBytes(n) });
      return made.ok ? made.value : Buffer.alloc(0);
    });
    const spliced = [ours?.subarray(0, 54 + 258), foreign?.subarray(54 + 258)].map((part) => part ?? Buffer.alloc(0));
    expect(await tpm.activateIdentity(Buffer.concat(spliced))).toMatchObject({
      failure: { command: 'Import', responseCode: 0x101 },
    });
  });

  test.each([0, 1, 53, 54, 400, 919])(
    'refuses a blob that is cut to %i bytes, without a command to the TPM',
    async (length) => {
      expect(await tpm.activateIdentity(challenge(randomBytes(32)).subarray(0, length))).toMatchObject({
        failure: { sentence: 'the blob is not made of six TPM2B structures' },
      });
    },
  );

  test.skipIf(toolsMissing)("lets the device decrypt a credential that Debian's tpm2-tools made", async () => {
    const folder = directory.subdirectory('tools-make');
    writeFileSync(join(folder, 'ek.pub'), keys.endorsementKey);
    writeFileSync(join(folder, 'secret'), 'sixteen bytes it');
    const names = {
      ek: join(folder, 'ek.pub'),
      secret: join(folder, 'secret'),
      objectName: storageKey(keys.storageRootKey).name,
    };
    const reader = new TpmReader(toolMakeCredential(folder, names).subarray(credentialMagic.length));
    expect(await tpm.activateCredential(reader.tpm2b(), reader.tpm2b())).toEqual(
      succeeded(Buffer.from('sixteen bytes it')),
    );
  });

  test.skipIf(toolsMissing)(
    "lets Debian's tpm2-tools activate, import and use the key of a challenge of the service",
    async () => {
      const folder = directory.subdirectory('tools-activate');
      const [key, inner] = [randomBytes(32), randomBytes(16)];
      // When the service makes a challenge, it draws the inner key first. The test supplies this key and compares it with the result of the
      // tools.
      const draws = [inner];
      const made = makeChallenge({ ...keys, key, random: (length) => draws.shift() ?? randomBytes(length) });
      const reader = new TpmReader(made.ok ? made.value : Buffer.alloc(0));
      const [identity, secret, duplicate, seed, publicArea] = [
        reader.tpm2b(),
        reader.tpm2b(),
        reader.tpm2b(),
        reader.tpm2b(),
        reader.tpm2b(),
      ];
      const files = {
        cred: Buffer.concat([credentialMagic, tpm2b(identity), tpm2b(secret)]),
        dup: tpm2b(duplicate),
        seed: tpm2b(seed),
        pub: tpm2b(publicArea),
        data: Buffer.from('to be signed'),
      };
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      await process.stop();
      await withToolTpm(stateDir, folder, async (tool) => {
        await tool('tpm2_startauthsession', '--policy-session', '-S', 'session');
        await tool('tpm2_policysecret', '-S', 'session', '-c', 'e');
        await tool(
          'tpm2_activatecredential',
          '-c',
          '0x81000001',
          '-C',
          '0x81010001',
          '-i',
          'cred',
          '-o',
          'inner',
          '-P',
          'session:session',
        );
        await tool('tpm2_flushcontext', 'session');
        await tool(
          'tpm2_import',
          '-C',
          '0x81000001',
          '-u',
          'pub',
          '-i',
          'dup',
          '-k',
          'inner',
          '-s',
          'seed',
          '-r',
          'priv',
        );
        await tool('tpm2_load', '-C', '0x81000001', '-u', 'pub', '-r', 'priv', '-c', 'key.ctx');
        await tool('tpm2_flushcontext', '-t');
        await tool('tpm2_hmac', '-c', 'key.ctx', '-o', 'hmac', 'data');
      });
      await start();
      expect(readFileSync(join(folder, 'inner'))).toEqual(inner);
      expect(readFileSync(join(folder, 'hmac'))).toEqual(createHmac('sha256', key).update('to be signed').digest());
    },
  );
});

/** Length of magic and version in the credential files of tpm2-tools. */
const credentialMagic = Buffer.from('badcc0de00000001', 'hex');

/** Returns the sizes of the structures of a blob, including their size fields. */
function structureSizes(blob: Buffer): readonly number[] {
  const reader = new TpmReader(blob);
  return Array.from({ length: 6 }, () => reader.tpm2b().length + 2);
}

function spanOf(sizes: readonly number[], index: number): readonly [from: number, to: number] {
  const from = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  return [from, from + (sizes[index] ?? 0)];
}

function storageKey(bytes: Buffer): StorageKey {
  const read = readStorageKey(bytes);
  if (!read.ok) throw new Error(read.failure.sentence);
  return read.value;
}
