import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import type { Run } from '../../../core/run/run.ts';
import { builtProgram } from '../../built-program.ts';

/** Runs a scenario in a process with an empty PATH, as on a machine without the real parts. */
async function playWithoutParts(missingParts: 'skip' | 'model'): Promise<Run> {
  const program = `
    import { startCloud } from './mocks/start-cloud.ts';
    import { loadScenarios } from './sim/scenario/load.ts';
    import { playScenario } from './sim/play/play-scenario.ts';
    import { steps } from './sim/steps/index.ts';
    const loaded = loadScenarios('test.yaml', process.env.TEXT, { steps, topics: [] });
    const settings = { seed: 's', startCloud, versions: { rehearsal: 't', node: 't' }, missingParts: '${missingParts}' };
    console.log(JSON.stringify(await playScenario(loaded.scenarios[0], settings)));
  `;
  const child = spawn(process.execPath, [await builtProgram(program)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: dirname(import.meta.filename), TEXT: scenario },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await withinRealTime(once(child, 'close'), 50_000, 'the play did not end');
  return JSON.parse(printed) as Run;
}

const scenario = `
title: A machine without SoftHSM
pki: { ca: { keyStore: hsm } }
cloud: { enrollmentGroups: { line: { x509: { ca: ca } } } }
devices:
  it: { attestation: x509, keyStore: hsm }
timeline:
  - issue-certificate: { device: it, from: ca }
  - power-on: it
    expect: { assigned: hub-eu }
  - steal-key: { device: it, as: loot }
  - return-device: it
  - impersonate: { device: it, with: loot }
    expect: { refused: credential-present }
`;

test('a run uses a software model if the programs for an HSM are missing, and reports what to install', async () => {
  const run = await playWithoutParts('model');
  expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  const remedy = 'apt-get install softhsm2 opensc openssl libengine-pkcs11-openssl';
  const sentences = ['it', 'ca'].map(
    (owner) => `software simulates the hsm of ${owner}: SoftHSM with its tools is not installed; run: ${remedy}`,
  );
  expect(run.warnings).toEqual(sentences);
  const deeds = run.history.flatMap((event) => (event.kind === 'deed' ? [event.sentence] : []));
  expect(deeds).toEqual(expect.arrayContaining(sentences));
});

test('a run that permits no software model skips the scenario if the programs for an HSM are missing, and the process ends', async () => {
  const run = await playWithoutParts('skip');
  expect(run.verdict.kind).toBe('skipped');
  expect(run.verdict.reason).toContain('SoftHSM with its tools is not installed; run: apt-get install');
  expect(run.history).toEqual([]);
});
