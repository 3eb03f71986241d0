import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const scenario = (devices: string, timeline: readonly string[]): string =>
  [
    'title: A gateway starts',
    `devices: { ${devices} }`,
    'timeline:',
    ...timeline.map((step) => `  - ${step}`),
    '  - power-on: gateway',
    '    expect: { assigned: true }',
  ].join('\n');

const chip = 'gateway: { attestation: tpm }';

describe.skipIf(swtpmMissing)('a run with an impossible timeline', () => {
  test.each([
    ['compare-ek-list: gateway', 'no list of endorsement keys was delivered'],
    ['enroll-from-list: gateway', 'no list of endorsement keys was delivered'],
    ['deliver-ek-list: { device: gateway, fault: swapped }', 'the delivery has 1 TPM, but fault: swapped needs 2'],
    ['deliver-ek-list: { device: gateway, at: spare }', 'the TPM of spare is not in the delivery of gateway'],
    ['maker-enrolls: { device: gateway, policy: maker }', 'the TPM maker has no key of a policy "maker"'],
    ['revoke-access: maker', 'no key of a policy "maker" was granted'],
    ['copy-tpm: { device: gateway, from: gateway }', 'a TPM cannot be a copy of itself'],
    ['power-cut: gateway', 'neither `at` nor `afterTpmCommands` is given'],
    ['replace-tpm: sensor', 'sensor attests by symmetricKey and has no TPM'],
  ])('fails with the reason at the step %s', async (step, sentence) => {
    const devices = `${chip}, spare: { attestation: tpm }, sensor: { attestation: symmetricKey }`;
    const [run] = await playText(scenario(devices, [step]));
    expect(run?.verdict).toMatchObject({ kind: 'fail', reason: expect.stringContaining(sentence) as string });
  });

  test('is refused before it runs if a step has two arguments of which it needs one', async () => {
    const step = 'power-cut: { device: gateway, at: after-challenge, afterTpmCommands: 1 }';
    await expect(playText(scenario(chip, [step]))).rejects.toThrow('both `at` and `afterTpmCommands` are given');
  });

  test('fails with the TPM response if a password blocks a station', async () => {
    const [run] = await playText(
      scenario(chip, ['set-tpm-password: { device: gateway, hierarchy: owner }', 'extract-ek: gateway']),
    );
    expect(run?.verdict).toMatchObject({
      kind: 'fail',
      reason: expect.stringMatching(/^test\.yaml:\d+:5 extract-ek: TPM2_EvictControl: TPM response 0x9a2/) as string,
    });
  });
});

test.each([
  ['gateway: { attestation: x509, tpmKind: software }', '`tpmKind` needs `attestation: tpm`'],
  ['gateway: { attestation: tpm, tpmKind: soft }', 'expected discrete or firmware or integrated or software'],
])('the invalid device definition `%s` is reported as a mistake', (devices, sentence) => {
  const loaded = loadScenarios('test.yaml', scenario(devices, ['extract-ek: gateway']), { steps, topics: [] });
  expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message)).toEqual([
    expect.stringContaining(sentence) as string,
  ]);
});

describe.skipIf(swtpmMissing)('warnings of a run', () => {
  test('name each software TPM, including a software TPM that a step installs, and no other TPM', async () => {
    const timeline = [
      'replace-tpm: { device: second, kind: software, by: software-installer }',
      'extract-ek: gateway',
      'enroll: gateway',
    ];
    const devices = [chip, 'first: { attestation: tpm, tpmKind: software }', 'second: { attestation: tpm }'].join(', ');
    const [run] = await playText(scenario(devices, timeline));
    expect(run?.verdict.kind).toBe('pass');
    expect(run?.warnings.map((warning) => warning.split(' ')[0])).toEqual(['first', 'second']);
  });
});
