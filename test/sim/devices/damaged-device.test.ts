import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CheckId } from '../../../core/checks.ts';
import type { Run } from '../../../core/run/run.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { reference } from '../../../sim/scenario/words/words.ts';
import { defineStep } from '../../../sim/steps/define-step.ts';
import { steps } from '../../../sim/steps/index.ts';
import { hsmMissing, tpmKeysMissing } from '../key-stores/parts-present.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const args = z.strictObject({ device: reference('device', 'Device or fleet.') });

const damageTpm = defineStep({
  name: 'damage-tpm',
  summary: 'A device loses its TPM.',
  args,
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) await device.loseTpm();
  },
});

const damageKeyStore = defineStep({
  name: 'damage-key-store',
  summary: 'A device loses its key store.',
  args,
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) await device.loseKeyStore();
  },
});

async function play(text: string, sabotage?: CheckId): Promise<Run> {
  const loaded = loadScenarios('test.yaml', text, { steps: [...steps, damageTpm, damageKeyStore], topics: [] });
  const [scenario] = loaded.ok ? loaded.scenarios : [];
  if (scenario === undefined) throw new Error(loaded.ok ? 'no scenario' : loaded.mistakes[0]?.message);
  return playScenario(scenario, { seed: 'test', startCloud, versions: { rehearsal: 'test', node: 'test' }, sabotage });
}

/** Returns the secrets that are in the device at the end of a run. */
const secretsLeft = (run: Run): readonly string[] =>
  run.secrets.filter(({ place, to }) => place === 'it' && to === null).map(({ secret }) => secret);

const life = (device: string, damage: string, afterwards = 'power-on: it'): string => `
title: A damaged device
devices: { it: ${device} }
timeline:
${device.includes('tpm,') ? '  - extract-ek: it' : device.includes('x509') ? '  - issue-certificate: it' : ''}
  - enroll: it
${device.includes('symmetricKey') ? '  - install-key: it' : ''}
  - power-on: it
    expect: { assigned: hub-eu }
  - ${damage}: it
  - ${afterwards}
    expect: { refused: credential-present, telemetry: none }
`;

describe.each([
  ['{ attestation: tpm, transport: https }', 'damage-tpm', swtpmMissing],
  ['{ attestation: tpm, transport: amqp }', 'damage-tpm', swtpmMissing],
  ['{ attestation: tpm, registrationId: from-endorsement-key }', 'damage-tpm', swtpmMissing],
  ['{ attestation: tpm, boot: always-register }', 'damage-key-store', swtpmMissing],
  ['{ attestation: x509, keyStore: tpm }', 'damage-tpm', tpmKeysMissing],
  ['{ attestation: symmetricKey, keyStore: tpm }', 'damage-tpm', tpmKeysMissing],
  ['{ attestation: x509, keyStore: hsm }', 'damage-key-store', hsmMissing],
  ['{ attestation: symmetricKey, keyStore: hsm }', 'damage-key-store', hsmMissing],
  ['{ attestation: x509, keyStore: file }', 'damage-key-store', undefined],
  ['{ attestation: x509, keyStore: tee }', 'damage-key-store', undefined],
] as const)('a device `%s` after the step `%s`', (device, damage, missing) => {
  test.skipIf(missing)('has no secret, and the check `credential-present` refuses its registration', async () => {
    const run = await play(life(device, damage));
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(secretsLeft(run)).toEqual([]);
  });

  test.skipIf(missing)('is still refused, and the scenario fails, if `credential-present` is disabled', async () => {
    const run = await play(life(device, damage), 'credential-present');
    expect(run.verdict.kind).toBe('fail');
    expect(run.registrations.at(-1)).toMatchObject({ outcome: 'refused', telemetry: 'none' });
  });
});

test.skipIf(swtpmMissing).each(['register: it', 'run-in-field: { device: it, for: P1D }'])(
  'the check `credential-present` refuses a device without its TPM in the step %s',
  async (afterwards) => {
    const run = await play(life('{ attestation: tpm, boot: always-register }', 'damage-tpm', afterwards));
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  },
);

describe.each(['replace-tpm', 'replace-board'])(
  'a device that lost its TPM and gets a new TPM by the step `%s`',
  (replace) => {
    const story = (device: string, prepare: readonly string[], again: readonly string[], between: string): string => `
title: A TPM is lost and replaced
devices: { it: ${device} }
timeline:
${prepare.map((step) => `  - ${step}: it`).join('\n')}
  - power-on: it
    expect: { assigned: hub-eu }
  - damage-tpm: it
  - power-on: it
    expect: { refused: credential-present }
  - ${replace}: it
  - power-on: it
    expect: { refused: ${between} }
${again.map((step) => `  - ${step}: it`).join('\n')}
  - power-on: it
    expect: { assigned: hub-eu }
`;

    test
      .skipIf(swtpmMissing)
      .each(['{ attestation: tpm }', '{ attestation: tpm, registrationId: from-endorsement-key }'])(
      'is assigned again after the endorsement key of the new TPM is enrolled (device: `%s`)',
      async (device) => {
        const enrolled = ['extract-ek', 'enroll'];
        const between = device.includes('from-') ? 'enrollment-found' : 'endorsement-key-matches';
        const run = await play(story(device, enrolled, enrolled, between));
        expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
        expect(secretsLeft(run)).toHaveLength(2);
      },
    );

    test.skipIf(tpmKeysMissing).each([
      ['x509', ['issue-certificate', 'enroll']],
      ['symmetricKey', ['enroll', 'install-key']],
    ] as const)(
      'is assigned again after a credential for the attestation %s is installed in the new TPM',
      async (attestation, enrolled) => {
        const device = `{ attestation: ${attestation}, keyStore: tpm }`;
        const run = await play(story(device, enrolled, enrolled, 'credential-present'));
        expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
      },
    );
  },
);

test.each(['replace-tpm', 'replace-board'])(
  'the step `%s` gives no TPM to a device that was built without a TPM',
  async (replace) => {
    const run = await play(`
title: A device without a TPM
devices: { it: { attestation: x509 } }
timeline:
  - ${replace}: it
  - power-on: it
    expect: { refused: credential-present }
`);
    expect(run.verdict).toMatchObject(
      replace === 'replace-board'
        ? { kind: 'pass' }
        : { kind: 'fail', reason: expect.stringContaining('it attests by x509 and has no TPM') },
    );
  },
);

test('a step that needs a destroyed key store fails and names its position in the timeline', async () => {
  const run = await play(`
title: A certificate for a destroyed key store
devices: { it: { attestation: x509 } }
timeline:
  - damage-key-store: it
  - issue-certificate: it
  - power-on: it
    expect: { refused: credential-present }
`);
  expect(run.verdict).toEqual({
    kind: 'fail',
    reason: 'test.yaml:6:5 issue-certificate: the key store of the device was destroyed',
  });
});

test.skipIf(swtpmMissing)('the message of a step that needs a lost TPM names the loss and the remedy', async () => {
  const run = await play(`
title: A TPM is cleared after its loss
devices: { it: { attestation: tpm, transport: https } }
timeline:
  - damage-tpm: it
  - clear-tpm: it
  - power-on: it
    expect: { refused: credential-present }
`);
  expect(run.verdict).toMatchObject({
    reason: expect.stringContaining('it has lost its TPM; name a device that still has one'),
  });
});
