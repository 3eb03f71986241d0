import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (theft: string): string => `
title: A key is copied
devices:
  sensor: { attestation: symmetricKey }
timeline:
  - enroll: sensor
  - install-key: sensor
  - package: sensor
  - steal-key: ${theft}
  - claim-endorsement-key: { device: sensor, with: read }
    expect: { refused: true }
`;

test.each([
  ['{ device: sensor, as: read }', 'loot "read" has the kind symmetric-key, but public keys of a TPM are expected'],
  ['{ device: sensor, publicKeys: true, as: read }', 'sensor has neither a TPM nor a certificate with public keys'],
])('a run fails if the step `steal-key: %s` gives the attacker no public keys of a TPM', async (theft, sentence) => {
  const [run] = await playText(scenario(theft));
  expect(run?.verdict.kind).toBe('fail');
  expect(run?.verdict.reason).toContain(sentence);
});
