import { afterAll, describe, expect, test } from 'vitest';
import { Chips } from '../../../sim/devices/chips.ts';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import type { Tpm } from '../../../sim/tpm/tpm.ts';
import { TpmPool } from '../../../sim/tpm/tpm-pool.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const directory = openRunDirectory();
const worlds: Chips[] = [];
const single: TpmChip[] = [];

afterAll(async () => {
  for (const world of worlds) await world.retire();
  for (const chip of single) await chip.retire();
  directory.close();
});

/** Returns the TPMs of a new simulation, which use the keys of the pool. */
function world(pool: TpmPool, count = 1): readonly TpmChip[] {
  const chips = new Chips(directory, pool);
  worlds.push(chips);
  return Array.from({ length: count }, (_, index) => chips.make(`chip-${index}`, 'sdk', 'discrete'));
}

function only(chips: readonly TpmChip[]): TpmChip {
  return chips[0] ?? expect.fail('no TPM');
}

/** Returns a TPM that has the seeds of the first TPM in the pool, but makes every key itself. */
function freshlyMade(pool: TpmPool): TpmChip {
  const stateDir = directory.subdirectory('fresh');
  expect(pool.take(0, [], stateDir)).toBe(true);
  const chip = new TpmChip(stateDir, 'sdk');
  single.push(chip);
  return chip;
}

/** The order in which a client requests the keys of a TPM. */
const orders: Readonly<Record<string, readonly ((tpm: Tpm) => Promise<Buffer>)[]>> = {
  'endorsement key, then storage root key': [(tpm) => tpm.endorsementKey('sdk'), (tpm) => tpm.storageRootKey()],
  'storage root key, then endorsement key': [(tpm) => tpm.storageRootKey(), (tpm) => tpm.endorsementKey('sdk')],
  'endorsement key of the template L-1': [(tpm) => tpm.endorsementKey('tcg-l1'), (tpm) => tpm.storageRootKey()],
  'stored endorsement key, then an endorsement key that is not stored': [
    (tpm) => tpm.endorsementKey('sdk'),
    (tpm) => tpm.passingEndorsementKey('tcg-l1'),
    (tpm) => tpm.storageRootKey(),
  ],
};

describe.skipIf(swtpmMissing)('the pool of TPMs', () => {
  test.each(Object.entries(orders))(
    'gives the same keys as a fresh TPM with the same seed: %s',
    async (_name, keys) => {
      const pool = new TpmPool();
      const first = only(world(pool));
      const made: Buffer[] = [];
      for (const key of keys) made.push(await first.use(key));
      const [pooled, fresh] = [only(world(pool)), freshlyMade(pool)];
      for (const [index, key] of keys.entries()) {
        expect(await fresh.use(key)).toEqual(made[index]);
        expect(await pooled.use(key)).toEqual(made[index]);
        // The TPM has the key at its handle, also after a restart.
        await pooled.powerOff();
        expect(await pooled.use(key)).toEqual(made[index]);
      }
    },
  );

  test('gives a second simulation the same keys without creating the keys again', async () => {
    const pool = new TpmPool();
    await only(world(pool)).use((tpm) => tpm.endorsementKey());
    expect(pool.has(0, ['endorsement sdk'])).toBe(true);
    expect(pool.has(0, ['endorsement sdk', 'storage-root sdk'])).toBe(false);
    const second = only(world(pool));
    // The test lets the power fail during the second command. A TPM from the pool reads its key with one command, and does not make it.
    await second.use((tpm) => tpm.endorsementKey());
    second.cutPowerAfter(2);
    await second.use((tpm) => tpm.endorsementKey());
    await expect(second.use((tpm) => tpm.storageRootKey())).rejects.toThrow('power');
  });

  test('a storage root key that was made ahead is the key that a client would make', async () => {
    const pool = new TpmPool();
    const ahead = only(world(pool));
    const fresh = await ahead.use((tpm) => tpm.endorsementKey()).then(() => freshlyMade(pool));
    await ahead.makeStorageRootKeyAhead();
    // A TPM reads a key at its handle with one command. To make the key, it needs more.
    ahead.cutPowerAfter(2);
    const key = await ahead.use((tpm) => tpm.storageRootKey());
    expect(key).toEqual(await fresh.use((tpm) => tpm.storageRootKey()));
  });

  test('makes no storage root key ahead for a TPM with an owner password, or if a power cut is planned', async () => {
    const [owned, cut] = world(new TpmPool(), 2);
    await owned?.use((tpm) => tpm.setHierarchyPassword('owner', 'secret'));
    await owned?.makeStorageRootKeyAhead();
    await expect(owned?.use((tpm) => tpm.storageRootKey())).rejects.toThrow('CreatePrimary');
    cut?.cutPowerAfter(1);
    await cut?.makeStorageRootKeyAhead();
    await expect(cut?.use((tpm) => tpm.storageRootKey())).rejects.toThrow('power');
  });

  test('never gives two TPMs of one simulation the same seed', async () => {
    const pool = new TpmPool();
    const keys = new Set<string>();
    for (const chip of [...world(pool, 2), ...world(pool, 2)])
      keys.add((await chip.use((tpm) => tpm.endorsementKey())).toString('hex'));
    expect(keys.size).toBe(2);
  });

  test.each<[string, (chip: TpmChip) => Promise<unknown>]>([
    ['rolls its endorsement seed', (chip) => chip.use((tpm) => tpm.rollEndorsementSeed())],
    ['is cleared', (chip) => chip.use((tpm) => tpm.clear())],
    ['gets a password', (chip) => chip.use((tpm) => tpm.setHierarchyPassword('lockout', 'secret'))],
    [
      'is used by another program',
      (chip) => chip.transmit(Buffer.from('8001000000160000017a000000060000010000000001', 'hex')),
    ],
  ])('stays unchanged if a TPM that has keys of the pool %s', async (event, change) => {
    const pool = new TpmPool();
    const first = only(world(pool));
    const [endorsement, root] = [
      await first.use((tpm) => tpm.endorsementKey()),
      await first.use((tpm) => tpm.storageRootKey()),
    ];
    const changed = only(world(pool));
    // Before the change, the TPM has the seeds of the pool.
    expect(await changed.use((tpm) => tpm.hasIdentity())).toBe(false);
    await change(changed);
    const own = freshlyMade(pool);
    await change(own);
    // After the change, a TPM of the pool keeps and loses the same keys as a TPM that makes every key itself.
    const isRolled = event.includes('rolls');
    expect((await changed.use((tpm) => tpm.endorsementKey())).equals(endorsement)).toBe(!isRolled);
    expect((await own.use((tpm) => tpm.endorsementKey())).equals(endorsement)).toBe(!isRolled);
    const isCleared = event.includes('cleared');
    expect((await changed.use((tpm) => tpm.storageRootKey())).equals(root)).toBe(!isCleared);
    expect((await own.use((tpm) => tpm.storageRootKey())).equals(root)).toBe(!isCleared);
    // The next TPM of the pool has the state that the pool had before the change.
    const third = only(world(pool));
    expect(await third.use((tpm) => tpm.endorsementKey())).toEqual(endorsement);
    expect(await third.use((tpm) => tpm.storageRootKey())).toEqual(root);
    expect((await third.use((tpm) => tpm.clearAsOwner())).ok).toBe(true);
  });

  test('has no effect on the number of commands before a planned power cut', async () => {
    const pool = new TpmPool();
    await only(world(pool)).use((tpm) => tpm.endorsementKey());
    for (const chip of [only(world(pool)), freshlyMade(pool)]) {
      // The four commands are ReadPublic, CreatePrimary, EvictControl and FlushContext.
      chip.cutPowerAfter(4);
      await expect(chip.use((tpm) => tpm.endorsementKey())).rejects.toThrow('power');
      chip.cutPowerAfter(2);
      await chip.use((tpm) => tpm.endorsementKey());
      chip.cutPowerAfter(undefined);
    }
  });
});
