import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startLab } from '../cli/serve/lab-process.ts';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { toolsMissing } from '../sim/tpm/tpm2-tools.ts';
import { clientMissing } from './client-missing.ts';

/** The exit code of a tool and its output on both streams. */
interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Starts a new TPM as `rehearse serve` does, with a folder for the files of the tools. */
async function servedTpm() {
  const lab = await startLab({}, ['--tpm', 'gateway']);
  const tpm = lab.ready.tpms['gateway']!;
  const { port } = tpm.simulator;
  const run = async (program: string, ...words: readonly string[]): Promise<Ended> => {
    // The environment of the IBM TSS tools: the address of the TPM simulator, and a folder for the data of sessions and keys.
    const env = {
      PATH: process.env['PATH'],
      TPM_INTERFACE_TYPE: 'socsim',
      TPM_SERVER_TYPE: 'mssim',
      TPM_COMMAND_PORT: String(port),
      TPM_PLATFORM_PORT: String(port + 1),
      TPM_DATA_DIR: lab.folder,
    };
    const options = { cwd: lab.folder, env, timeout: 30_000 };
    return promisify(execFile)(program, words, options).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, text: stdout + stderr }),
    );
  };
  return { tpm, run, simulator: `mssim:host=127.0.0.1,port=${port}`, file: (name: string) => `${lab.folder}/${name}` };
}

/** The Python of the Linux distribution, which can import the modules of Debian packages. */
const python = '/usr/bin/python3';

function pytssMissing(): string | undefined {
  if (spawnSync(python, ['-c', 'import tpm2_pytss']).status === 0) return undefined;
  const reason = 'tpm2-pytss is not installed; run: apt-get install python3-tpm2-pytss';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

/** Returns the modulus in hex. It is the last 256 octets of a TPM2B_PUBLIC of an RSA key. */
const modulusOf = (publicArea: string): string => Buffer.from(publicArea, 'base64').subarray(-256).toString('hex');

describe.skipIf(swtpmMissing !== undefined || clientMissing('tsscreateprimary', 'tss2') !== undefined)(
  'the IBM TSS tools, with a TPM of rehearse serve',
  () => {
    test('power the TPM on and start it up; before the startup, the TPM refuses commands', async () => {
      const { run } = await servedTpm();
      expect(await run('tsspowerup')).toMatchObject({ code: 0 });
      expect(await run('tssgetrandom', '-by', '8')).toMatchObject({ code: 1, text: expect.stringMatching(/00000100/) });
      expect(await run('tssstartup')).toMatchObject({ code: 0 });
      expect(await run('tssgetrandom', '-by', '8')).toMatchObject({ code: 0 });
      expect(await run('tssstartup')).toMatchObject({ code: 1, text: expect.stringMatching(/00000100/) });
    });

    test('can use the keys that earlier commands loaded, until a power cycle', async () => {
      const { run } = await servedTpm();
      await run('tsspowerup');
      await run('tssstartup');
      expect(await run('tsscreateprimary', '-hi', 'o')).toMatchObject({ code: 0, text: 'Handle 80000000\n' });
      const files = ['-opu', 'key.pub', '-opr', 'key.priv'];
      expect(await run('tsscreate', '-hp', '80000000', '-si', ...files)).toMatchObject({ code: 0 });
      const loaded = await run('tssload', '-hp', '80000000', '-ipu', 'key.pub', '-ipr', 'key.priv');
      expect(loaded).toMatchObject({ code: 0, text: 'Handle 80000001\n' });
      expect(await run('tssflushcontext', '-ha', '80000001')).toMatchObject({ code: 0 });
      expect(await run('tssgetcapability', '-cap', '1', '-pr', '80000000')).toMatchObject({
        text: expect.stringMatching(/1 handles\s+80000000\s*$/),
      });
      // A power cycle removes loaded keys.
      await run('tsspowerup');
      await run('tssstartup');
      expect(await run('tssgetcapability', '-cap', '1', '-pr', '80000000')).toMatchObject({ text: '0 handles\n' });
    });
  },
);

describe.skipIf(swtpmMissing !== undefined || toolsMissing !== undefined)(
  'tpm2-tools, with a TPM of rehearse serve',
  () => {
    test('start the TPM up at its simulator port; `tpm2_createek` creates the endorsement key that the TPM has from its factory', async () => {
      const { run, simulator, tpm, file } = await servedTpm();
      const tool = (name: string, ...words: readonly string[]) => run(name, ...words, '-T', simulator);
      expect(await tool('tpm2_getrandom', '8')).toMatchObject({
        code: 1,
        text: expect.stringMatching(/0x100|initialize/i),
      });
      expect(await tool('tpm2_startup', '-c')).toMatchObject({ code: 0 });
      expect(await tool('tpm2_startup', '-c')).toMatchObject({ code: 0 });
      const made = await tool('tpm2_createek', '-G', 'rsa', '-c', 'ek.ctx', '-u', 'ek.pub');
      expect(made).toMatchObject({ code: 0 });
      const shown = await run('tpm2_print', '-t', 'TPM2B_PUBLIC', 'ek.pub');
      expect(existsSync(file('ek.pub'))).toBe(true);
      expect(shown.text).toContain(modulusOf(tpm.endorsementKey));
      expect((await tool('tpm2_readpublic', '-c', '0x81010001')).text).toContain(modulusOf(tpm.endorsementKey));
    });

    test('need no startup command at the UNIX socket of the TPM', async () => {
      const { run, tpm } = await servedTpm();
      expect(await run('tpm2_getcap', '-T', tpm.tcti, 'handles-persistent')).toMatchObject({
        code: 0,
        text: expect.stringContaining('0x81010001'),
      });
    });
  },
);

describe.skipIf(swtpmMissing !== undefined || pytssMissing() !== undefined)(
  'tpm2-pytss, with a TPM of rehearse serve',
  () => {
    test('starts the TPM up, reads the endorsement key and creates a key', async () => {
      const { run, tpm, simulator } = await servedTpm();
      const { code, text } = await run(
        python,
        new URL('pytss.py', import.meta.url).pathname,
        simulator.split('port=')[1]!,
      );
      expect(text.split('\n').filter((line) => /^(before|started|random|ek|primary)/.test(line))).toEqual([
        'before startup 0x100',
        'random 8',
        `ek ${modulusOf(tpm.endorsementKey)}`,
        'primary 0x80000000',
      ]);
      expect(code).toBe(0);
    });
  },
);
