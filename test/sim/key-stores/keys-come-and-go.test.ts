import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { requestCertificate } from '../../../sim/devices/issued-credential.ts';
import { KeyStoreDestroyed } from '../../../sim/key-stores/key-store-destroyed.ts';
import { forgetKey } from '../../../sim/key-stores/forget-key.ts';
import type { HeldSymmetricKey, KeyStore, StoredKeyPair } from '../../../sim/key-stores/key-store.ts';
import { SoftHsm } from '../../../sim/key-stores/soft-hsm.ts';
import { TpmKeys } from '../../../sim/key-stores/tpm-keys.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { hsmMissing, tpmKeysMissing } from './parts-present.ts';

const directory = openRunDirectory();
const chips: TpmChip[] = [];
afterAll(async () => {
  for (const chip of chips) await chip.powerOff();
  directory.close();
});

function openChip(): TpmChip {
  const chip = new TpmChip(directory.subdirectory('chip'), 'sdk');
  chips.push(chip);
  return chip;
}

const stores = {
  hsm: { missing: hsmMissing, open: (): KeyStore => new SoftHsm(directory.subdirectory('hsm')) },
  tpm: { missing: tpmKeysMissing, open: (): KeyStore => new TpmKeys(openChip(), directory.subdirectory('keys')) },
} as const;

/** Returns true if the store signs with the private key that matches this public key. */
async function signs({ sign, publicKey }: StoredKeyPair): Promise<boolean> {
  const body = Buffer.from('a body');
  const signature = await sign(body).catch(() => undefined);
  return signature !== undefined && verify('SHA-256', body, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

describe.each(Object.entries(stores))('a key in the %s', (_name, { missing, open }) => {
  test.skipIf(missing)('signs a certificate request whose name and signature OpenSSL accepts', async () => {
    const { csr } = await requestCertificate('lock-1', open());
    const file = join(directory.subdirectory('request'), 'request.der');
    writeFileSync(file, Buffer.from(csr, 'base64'));
    const words = ['req', '-inform', 'DER', '-in', file, '-verify', '-noout', '-subject'];
    const { stdout, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/verify OK/i);
    expect(stdout).toMatch(/CN ?= ?lock-1/);
  });

  test.skipIf(missing)('can be used beside a new key, and its removal removes no other key', async () => {
    const store = open();
    const former = await store.makeKeyPair('P-256');
    const next = await store.makeKeyPair('P-256');
    expect([await signs(former), await signs(next)]).toEqual([true, true]);
    await forgetKey(former.handshake);
    expect([await signs(former), await signs(next)]).toEqual([false, true]);
    const third = await store.makeKeyPair('P-256');
    // The handle of the removed key may now belong to another key, which a second removal must not remove.
    await forgetKey(former.handshake);
    expect([await signs(next), await signs(third)]).toEqual([true, true]);
  });
});

test.skipIf(tpmKeysMissing)('the removal of a key of a replaced TPM removes no key of the new TPM', async () => {
  const store = new TpmKeys(openChip(), directory.subdirectory('keys'));
  const former = await store.makeKeyPair('P-256');
  store.replaceChip(openChip());
  const next = await store.makeKeyPair('P-256');
  await forgetKey(former.handshake);
  expect(await signs(next)).toBe(true);
});

test.skipIf(tpmKeysMissing)('a TPM reports that it has no space for another key pair', async () => {
  const store = new TpmKeys(openChip(), directory.subdirectory('keys'));
  const fill = async (): Promise<void> => {
    for (let count = 0; count < 200; count++) await store.makeKeyPair('P-256');
  };
  await expect(fill()).rejects.toThrow('no space for another stored key');
});

test.skipIf(hsmMissing)('an HSM computes the HMAC of each of two symmetric keys', async () => {
  const store = new SoftHsm(directory.subdirectory('hsm'));
  const keys = [randomBytes(32), randomBytes(32)];
  const data = Buffer.from('resource');
  const held: HeldSymmetricKey[] = [];
  for (const key of keys) held.push(await store.keepSymmetricKey(key));
  for (const [index, key] of keys.entries())
    expect(await held[index]?.hmac(data)).toEqual(createHmac('sha256', key).update(data).digest());
});

/** Stores a symmetric key that cannot be read back. */
async function hold(store: KeyStore): Promise<HeldSymmetricKey> {
  const key = await store.keepSymmetricKey(randomBytes(32));
  if (Buffer.isBuffer(key)) throw new Error('the store gave the key back');
  return key;
}

describe.each(Object.entries(stores))('a symmetric key in the %s', (name, { missing, open }) => {
  test.skipIf(missing)('computes no HMAC after its removal, and a second removal does nothing', async () => {
    const key = await hold(open());
    await forgetKey(key);
    await forgetKey(key);
    await expect(key.hmac(Buffer.from('data'))).rejects.toThrow();
  });

  test.skipIf(missing)('stays when an earlier key is removed', async () => {
    const store = open();
    const [former, next] = [await hold(store), await hold(store)];
    const before = await next.hmac(Buffer.from('data'));
    await forgetKey(former);
    expect(await next.hmac(Buffer.from('data'))).toEqual(before);
  });

  test.skipIf(missing)(`is destroyed with the ${name}, like every key pair`, async () => {
    const store = open();
    const [key, pair] = [await hold(store), await store.makeKeyPair('P-256')];
    await store.destroy();
    await expect(key.hmac(Buffer.from('data'))).rejects.toThrow(KeyStoreDestroyed);
    await expect(pair.sign(Buffer.from('data'))).rejects.toThrow(KeyStoreDestroyed);
    await expect(store.makeKeyPair('P-256')).rejects.toThrow(KeyStoreDestroyed);
    if (!('held' in pair.handshake)) throw new Error('the store gave the key back');
    await expect(pair.handshake.held.access()).rejects.toThrow(KeyStoreDestroyed);
    // The removal of a key from a destroyed store does nothing.
    await forgetKey(pair.handshake);
    await forgetKey(key);
  });
});
