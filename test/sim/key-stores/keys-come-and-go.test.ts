import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { requestCertificate } from '../../../sim/devices/issued-credential.ts';
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

/** Whether a store signs with a key, and with no other in its place. */
async function signs({ sign, publicKey }: StoredKeyPair): Promise<boolean> {
  const body = Buffer.from('a body');
  const signature = await sign(body).catch(() => undefined);
  return signature !== undefined && verify('SHA-256', body, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

describe.each(Object.entries(stores))('a key in the %s', (_name, { missing, open }) => {
  test.skipIf(missing)('signs a request in which OpenSSL finds its name and its signature', async () => {
    const { csr } = await requestCertificate('lock-1', open());
    const file = join(directory.subdirectory('request'), 'request.der');
    writeFileSync(file, Buffer.from(csr, 'base64'));
    const words = ['req', '-inform', 'DER', '-in', file, '-verify', '-noout', '-subject'];
    const { stdout, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/verify OK/i);
    expect(stdout).toMatch(/CN ?= ?lock-1/);
  });

  test.skipIf(missing)('stays beside a new one until it is taken out, and that takes no other', async () => {
    const store = open();
    const former = await store.makeKeyPair('P-256');
    const next = await store.makeKeyPair('P-256');
    expect([await signs(former), await signs(next)]).toEqual([true, true]);
    await forgetKey(former.handshake);
    expect([await signs(former), await signs(next)]).toEqual([false, true]);
    const third = await store.makeKeyPair('P-256');
    // Once is enough, whatever has come to lie in its place.
    await forgetKey(former.handshake);
    expect([await signs(next), await signs(third)]).toEqual([true, true]);
  });
});

test.skipIf(tpmKeysMissing)('a key of a chip that was replaced takes none out of the chip in its place', async () => {
  const store = new TpmKeys(openChip(), directory.subdirectory('keys'));
  const former = await store.makeKeyPair('P-256');
  store.replaceChip(openChip());
  const next = await store.makeKeyPair('P-256');
  await forgetKey(former.handshake);
  expect(await signs(next)).toBe(true);
});

test.skipIf(tpmKeysMissing)('a TPM that is full of pairs says so', async () => {
  const store = new TpmKeys(openChip(), directory.subdirectory('keys'));
  const fill = async (): Promise<void> => {
    for (let count = 0; count < 200; count++) await store.makeKeyPair('P-256');
  };
  await expect(fill()).rejects.toThrow('no room for another stored key');
});

test.skipIf(hsmMissing)('each symmetric key in an HSM makes its own HMAC', async () => {
  const store = new SoftHsm(directory.subdirectory('hsm'));
  const keys = [randomBytes(32), randomBytes(32)];
  const data = Buffer.from('resource');
  const held: HeldSymmetricKey[] = [];
  for (const key of keys) held.push(await store.keepSymmetricKey(key));
  for (const [index, key] of keys.entries())
    expect(await held[index]?.hmac(data)).toEqual(createHmac('sha256', key).update(data).digest());
});
