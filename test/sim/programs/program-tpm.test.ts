import { expect, test } from 'vitest';
import { missingFor, playScript, sentencesOf } from './play-program.ts';

test.skipIf(missingFor('swtpm', 'tpm2').length > 0)(
  'a program uses the TPM of its device, and virtual time stands still while the TPM works',
  async () => {
    const run = await playScript(
      'tpm2 getrandom --hex 8 | wc -c; tpm2 createprimary -Q -C o -c "$HOME/primary" && date +%T; sleep infinity',
      '  - power-on: meter\n    expect: { telemetry: none }\n',
      { device: 'keyStore: tpm' },
    );
    const lines = sentencesOf(run).flatMap((sentence) => sentence.split('its program writes to stdout: ')[1] ?? []);
    expect(lines).toEqual(['16', '08:00:00']);
  },
);
