import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes, verify } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { algorithms, handles } from '../../../core/tpm/templates.ts';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { keyStores } from '../../../sim/key-stores/index.ts';
import type { KeyStoreKind, StoredKeyPair } from '../../../sim/key-stores/key-store.ts';
import { SoftHsm } from '../../../sim/key-stores/soft-hsm.ts';
import { TpmKeys } from '../../../sim/key-stores/tpm-keys.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { hsmMissing, tpmKeysMissing } from './parts-present.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());

describe.skipIf(hsmMissing)('an HSM', () => {
  test('makes a key that is local, sensitive and never extractable, and PKCS #11 does not return it', async () => {
    const folder = directory.subdirectory('attributes');
    const pair = await new SoftHsm(folder).makeKeyPair('P-256');
    const { environment, words } = await accessOf(pair);
    const pin = /pin-value=(\w+)/.exec(words.join(' '))?.[1] ?? '';
    const tool = (...more: string[]) =>
      spawnSync('pkcs11-tool', ['--module', environment['PKCS11_MODULE_PATH'] ?? '', '--pin', pin, ...more], {
        env: { ...process.env, ...environment },
        encoding: 'utf8',
      });
    expect(tool('--list-objects', '--type', 'privkey').stdout).toContain(
      'Access:     sensitive, always sensitive, never extractable, local',
    );
    const body = Buffer.from('to be signed');
    expect(verify('SHA-256', body, { key: pair.publicKey, dsaEncoding: 'ieee-p1363' }, await pair.sign(body))).toBe(
      true,
    );
    // SoftHSM encrypts the values, so the token files exist but none contains the key in plain text.
    expect(filesBelow(folder).length).toBeGreaterThan(3);
    expect(filesWith(folder, [Buffer.from('PRIVATE KEY'), sec1Start])).toEqual([]);
  });

  test('imports a symmetric key, computes the right HMAC, and writes the key bytes into no file', async () => {
    const folder = directory.subdirectory('symmetric');
    const key = randomBytes(64);
    const held = await new SoftHsm(folder).keepSymmetricKey(key);
    if (Buffer.isBuffer(held)) throw new Error('an HSM gave the key back');
    const data = Buffer.from('resource\n1234');
    expect(await held.hmac(data)).toEqual(createHmac('sha256', key).update(data).digest());
    const forms = [key, Buffer.from(key.toString('hex')), Buffer.from(key.toString('base64'))];
    expect(filesWith(folder, forms)).toEqual([]);
    // This case proves that the search works: it finds bytes that are in a file.
    writeFileSync(join(folder, 'leak'), Buffer.concat([randomBytes(7), key, randomBytes(9)]));
    expect(filesWith(folder, forms)).toEqual([join(folder, 'leak')]);
    expect(JSON.stringify(held)).toBe('{}');
  });
});

describe.skipIf(tpmKeysMissing)('a TPM', () => {
  test('makes a key that cannot leave the TPM, reports this property, and signs with the key', async () => {
    const chip = new TpmChip(directory.subdirectory('chip'), 'sdk');
    const pair = await new TpmKeys(chip, directory.subdirectory('keys')).makeKeyPair('P-256');
    const readPublic = Buffer.from('80010000000e0000017300000000', 'hex');
    readPublic.writeUInt32BE(handles.signingKey, 10);
    const publicArea = (await chip.transmit(readPublic)).subarray(12);
    expect(publicArea.readUInt16BE(0)).toBe(algorithms.ecc);
    // The bits fixedTPM, fixedParent and sensitiveDataOrigin are set (TPM 2.0 Part 2 8.3).
    expect(publicArea.readUInt32BE(4) & 0x32).toBe(0x32);
    const body = Buffer.from('to be signed');
    expect(verify('SHA-256', body, { key: pair.publicKey, dsaEncoding: 'ieee-p1363' }, await pair.sign(body))).toBe(
      true,
    );
    await chip.powerOff();
  });

  test('imports a symmetric key of each length and computes the right HMAC', async () => {
    const chip = new TpmChip(directory.subdirectory('hmac'), 'sdk');
    for (const length of [32, 64]) {
      const key = randomBytes(length);
      const held = await new TpmKeys(chip, directory.subdirectory('keys')).keepSymmetricKey(key);
      if (Buffer.isBuffer(held)) throw new Error('a TPM gave the key back');
      const data = randomBytes(1500);
      expect(await held.hmac(data)).toEqual(createHmac('sha256', key).update(data).digest());
    }
    await chip.powerOff();
  });
});

test.each(Object.entries<KeyStoreKind>(keyStores))(
  'the key store %s makes signatures itself if and only if an attacker cannot copy its key',
  (_name, { exposure, signsInside }) => {
    expect(signsInside).toBe(exposure !== 'copy');
  },
);

/** An encoded P-256 private key starts with INTEGER 1 and an OCTET STRING of 32 bytes (RFC 5915 3). */
const sec1Start = Buffer.from('0201010420', 'hex');

function accessOf({ handshake }: StoredKeyPair) {
  if (!('held' in handshake)) throw new Error('the key is not held in the store');
  return handshake.held.access();
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function filesWith(folder: string, contents: readonly Buffer[]): readonly string[] {
  return filesBelow(folder).filter((path) => {
    const bytes = readFileSync(path);
    return contents.some((content) => bytes.includes(content));
  });
}
