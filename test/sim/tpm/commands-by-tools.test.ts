import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { done } from '../../../core/result.ts';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../../sim/tpm/swtpm.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { loadedHandles } from './loaded-handles.ts';
import { toolsMissing, withToolTpm } from './tpm2-tools.ts';

describe.skipIf(swtpmMissing ?? toolsMissing)("with one TPM for the simulation and for Debian's tpm2-tools", () => {
  const directory = openRunDirectory();
  let stateDir: string;
  let folder: string;

  /** Calls `work` with the TPM client of the simulation. */
  const ours = async <T>(work: (tpm: Tpm, process: Swtpm) => Promise<T>): Promise<T> => {
    const process = await Swtpm.start({ stateDir });
    try {
      return await work(new Tpm((command) => process.transmit(command)), process);
    } finally {
      await process.stop();
    }
  };
  const challengeFor = async (tpm: Tpm): Promise<Buffer> => {
    const keys = { endorsementKey: await tpm.endorsementKey(), storageRootKey: await tpm.storageRootKey() };
    const made = makeChallenge({ ...keys, key: randomBytes(32), random: randomBytes });
    if (!made.ok) throw new Error(made.failure.sentence);
    return made.value;
  };

  beforeEach(() => {
    stateDir = directory.subdirectory('tpm');
    folder = directory.subdirectory('tools');
  });
  afterAll(() => directory.close());

  test('the simulation makes the same endorsement key from the TCG template as `tpm2_createek`', async () => {
    const [passing, sdk, left] = await ours(async (tpm, process) => [
      await tpm.passingEndorsementKey('tcg-l1'),
      await tpm.passingEndorsementKey('sdk'),
      await loadedHandles((command) => process.transmit(command)),
    ]);
    expect(left).toEqual([]);
    await withToolTpm(stateDir, folder, async (tool) => {
      // `passingEndorsementKey` has stored no key at this handle.
      await expect(tool('tpm2_readpublic', '-c', '0x81010001')).rejects.toThrow('tpm2_readpublic');
      await tool('tpm2_createek', '-G', 'rsa', '-c', '0x81010001', '-u', 'ek.pub', '-f', 'tss');
    });
    const made = readFileSync(join(folder, 'ek.pub'));
    expect(made).toEqual(passing);
    expect(made).not.toEqual(sdk);
    // The client uses the key that the tool has stored, and does not make a key from its template.
    expect(await ours((tpm) => tpm.endorsementKey())).toEqual(made);
  });

  test('tpm2-tools need a password that the simulation set, until the TPM is cleared', async () => {
    await ours(async (tpm) => {
      await tpm.setHierarchyPassword('owner', 'secret');
      await tpm.setHierarchyPassword('endorsement', 'secret');
    });
    await withToolTpm(stateDir, folder, async (tool) => {
      for (const hierarchy of ['o', 'e']) {
        await expect(tool('tpm2_createprimary', '-C', hierarchy, '-c', 'key')).rejects.toThrow('tpm2_createprimary');
        await tool('tpm2_createprimary', '-C', hierarchy, '-P', 'secret', '-c', 'key');
        await tool('tpm2_flushcontext', '-t');
      }
    });
    await ours((tpm) => tpm.clear());
    await withToolTpm(stateDir, folder, (tool) => tool('tpm2_createprimary', '-C', 'o', '-c', 'key'));
  });

  test('the TPM refuses the client of the simulation after tpm2-tools set a password', async () => {
    const blob = await ours(challengeFor);
    await withToolTpm(stateDir, folder, (tool) => tool('tpm2_changeauth', '-c', 'e', 'secret'));
    const outcome = await ours((tpm) => tpm.activateIdentity(blob));
    expect(outcome).toMatchObject({ failure: { command: 'PolicySecret', responseCode: 0x9a2 } });
  });

  test('the simulation and tpm2-tools each need the lockout password that the other set', async () => {
    await withToolTpm(stateDir, folder, (tool) => tool('tpm2_changeauth', '-c', 'l', 'theirs'));
    expect(await ours((tpm) => tpm.clearAsOwner('theirs'))).toEqual(done);
    await ours((tpm) => tpm.setHierarchyPassword('lockout', 'ours'));
    await withToolTpm(stateDir, folder, (tool) => tool('tpm2_clear', '-c', 'l', 'ours'));
    expect(await ours((tpm) => tpm.clearAsOwner())).toEqual(done);
  });

  test('open sessions use up the session slots of the TPM until the TPM is powered off', async () => {
    await ours(async (tpm, process) => {
      const blob = await challengeFor(tpm);
      const opened = await tpm.leaveSessionsOpen();
      expect(opened).toBeGreaterThan(0);
      expect(await loadedHandles((command) => process.transmit(command))).toHaveLength(opened);
      expect(await tpm.activateIdentity(blob)).toMatchObject({
        failure: { command: 'StartAuthSession', responseCode: 0x903 },
      });
      expect(await tpm.hasIdentity()).toBe(false);
    });
    await withToolTpm(stateDir, folder, async (tool) => {
      await tool('tpm2_startauthsession', '--policy-session', '-S', 'session');
      await tool('tpm2_flushcontext', 'session');
    });
    expect(await ours(async (tpm) => tpm.activateIdentity(await challengeFor(tpm)))).toEqual(done);
  });
});
