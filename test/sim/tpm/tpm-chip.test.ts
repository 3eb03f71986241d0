import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { done } from '../../../core/result.ts';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { Chips } from '../../../sim/devices/chips.ts';
import { PowerLost } from '../../../sim/devices/power-cut.ts';
import type { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { swtpmProcessesOn } from './swtpm-process.ts';

describe.skipIf(swtpmMissing)('a simulated TPM chip', () => {
  const directory = openRunDirectory();
  const chips = new Chips(directory);
  let chip: TpmChip;

  const blobFor = (target: TpmChip): Promise<Buffer> =>
    target.use(async (tpm) => {
      const keys = { endorsementKey: await tpm.endorsementKey(), storageRootKey: await tpm.storageRootKey() };
      const made = makeChallenge({ ...keys, key: randomBytes(32), random: randomBytes });
      if (!made.ok) throw new Error(made.failure.sentence);
      return made.value;
    });
  /** Returns a signature of the TPM, which identifies its key, or `no key`. */
  const signature = (target: TpmChip): Promise<string> =>
    target.use(async (tpm) => {
      const signed = await tpm.signWithIdentity(Buffer.from('x'));
      return signed.ok ? signed.value.toString('hex') : 'no key';
    });

  beforeAll(() => {
    chip = chips.make('chip', 'sdk', 'discrete');
  });
  afterAll(async () => {
    await chips.retire();
    expect(swtpmProcessesOn(directory.path)).toEqual([]);
    directory.close();
  });

  test('works again after a power cut at any command of an activation, and has the former key, the new key or no key', async () => {
    const outcomes: string[] = [];
    for (let commands = 1; ; commands++) {
      await chip.use(async (tpm) => tpm.activateIdentity(await blobFor(chip)));
      const [before, blob] = [await signature(chip), await blobFor(chip)];
      chip.cutPowerAfter(commands);
      const work = chip.use((tpm) => tpm.activateIdentity(blob));
      const end = await work.then(
        () => 'finished',
        (error: unknown) => (error instanceof PowerLost ? 'lost' : String(error)),
      );
      chip.cutPowerAfter(undefined);
      const after = await signature(chip);
      outcomes.push(after === before ? 'former' : after === 'no key' ? 'none' : 'new');
      if (end === 'finished') break;
      expect(end).toBe('lost');
    }
    // The TPM is without a key only if the power fails between two commands, after the TPM has removed the former key.
    expect(outcomes.join(' ')).toMatch(/^(former )+none (new )+new$/);
  });

  test('starts once for two callers at the same time, and never starts after it has lost its power permanently', async () => {
    const late = new Chips(directory).make('late', 'sdk', 'discrete');
    const before = swtpmProcessesOn(directory.path).length;
    await Promise.all([late.use((tpm) => tpm.hasIdentity()), late.use((tpm) => tpm.hasIdentity())]);
    expect(swtpmProcessesOn(directory.path)).toHaveLength(before + 1);
    // If a chip loses its power permanently while it starts, it never starts again.
    await late.powerOff();
    const starting = late.use((tpm) => tpm.hasIdentity()).catch(() => 'too late');
    await late.retire();
    await starting;
    await expect(late.transmit(Buffer.alloc(10))).rejects.toThrow('lost its power for good');
    expect(swtpmProcessesOn(directory.path)).toHaveLength(before);
  });

  test('that became a copy of another chip behaves like that chip, before and after power is removed', async () => {
    const [original, copy] = [chips.make('original', 'sdk', 'software'), chips.make('copy', 'sdk', 'software')];
    await copy.use((tpm) => tpm.endorsementKey());
    // If the original was never powered on, its state is created when the copy is made.
    await copy.becomeCopyOf(original);
    const key = await original.use((tpm) => tpm.endorsementKey());
    expect(await copy.use((tpm) => tpm.endorsementKey())).toEqual(key);
    const blob = await blobFor(original);
    for (const each of [original, copy]) expect(await each.use((tpm) => tpm.activateIdentity(blob))).toEqual(done);
    expect(await signature(copy)).toBe(await signature(original));
    await original.powerOff();
    await copy.becomeCopyOf(original);
    expect(await signature(copy)).toBe(await signature(original));
  });
});
