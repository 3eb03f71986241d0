import { hsm } from '../../../sim/key-stores/hsm.ts';
import { tpm } from '../../../sim/key-stores/tpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';

/** Returns why tests that need a real key store cannot run, or undefined if they can. In CI a missing part is a failure. */
const toldMissing = (missing: { readonly part: string; readonly remedy: string } | undefined): string | undefined => {
  if (missing === undefined) return undefined;
  const reason = `${missing.part} is not installed; run: ${missing.remedy}`;
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
};

export const hsmMissing = toldMissing(hsm.missingPart?.());
export const tpmKeysMissing = swtpmMissing ?? toldMissing(tpm.missingPart?.());
