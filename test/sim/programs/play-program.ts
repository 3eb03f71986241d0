import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadText } from '../../../cli/files/load-files.ts';
import { defined } from '../../../core/defined.ts';
import type { Run } from '../../../core/run/run.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { findLibrary } from '../../../sim/programs/find-library.ts';

/** Plays a scenario file whose devices run programs. */
export function playProgramFile(file: string, seed = '1'): Promise<Run> {
  return playText(file, readFileSync(file, 'utf8'), seed);
}

/** YAML texts that `playScript` adds to the program, the device and the cloud of its scenario. */
interface Parts {
  readonly words?: string;
  readonly device?: string;
  readonly cloud?: string;
  /** Real milliseconds after which the simulation ends a program that never sleeps. */
  readonly busyLimitMs?: number;
}

/**
 * Plays a scenario in which the device `meter` is a program. The script of the program is in a folder that exists only for this call.
 * @param script a shell script, without its first line.
 * @param timeline YAML of the steps.
 */
export async function playScript(
  script: string,
  timeline: string,
  { words = '', device = '', cloud = '', busyLimitMs }: Parts = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-program-'));
  try {
    writeFileSync(join(folder, 'meter.sh'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'meter.sh'), 0o700);
    return await playText(
      join(folder, 'scenario.yaml'),
      scenarioText(timeline, { words, device, cloud }),
      '1',
      busyLimitMs,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function scenarioText(timeline: string, { words = '', device = '', cloud = '' }: Parts = {}): string {
  return `title: A program
pki: { ca: {} }
cloud: { enrollmentGroups: { meters: { x509: { ca: ca } } }, ${cloud} }
devices:
  meter:
    attestation: x509
    ${device}
    program: { command: [./meter.sh], ${words} }
timeline:
${timeline}`;
}

async function playText(file: string, text: string, seed: string, busyLimitMs?: number): Promise<Run> {
  const loaded = loadText(file, text);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const [scenario] = loaded.scenarios;
  if (scenario === undefined) throw new Error('there is no scenario');
  return playScenario(scenario, { seed, startCloud, versions, allowPrograms: true, ...defined({ busyLimitMs }) });
}

const versions = { rehearsal: '0.0.0', node: process.version, swtpm: 'none' } as unknown as Run['versions'];

/** Returns the sentences about the program of a run, each with its virtual time. */
export function sentencesOf(run: Run): readonly string[] {
  return run.history.flatMap((event) => (event.kind === 'deed' && event.subject === 'meter' ? [event.sentence] : []));
}

/** Returns the parts that are missing for a test with programs; CI must have all of them. */
export function missingFor(...programs: readonly string[]): readonly string[] {
  const missing = ['cc', ...programs].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (findLibrary('libnss_wrapper.so') === undefined) missing.push('libnss-wrapper');
  if (missing.length > 0 && process.env['CI']) throw new Error(`CI lacks ${missing.join(', ')}`);
  if (missing.length > 0) process.stderr.write(`skipped: ${missing.join(', ')} is not installed\n`);
  return missing;
}
