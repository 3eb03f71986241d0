import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../core/random.ts';
import { clientMissing } from '../clients/client-missing.ts';
import { otherNode } from '../sdk/network/sdk-part.ts';
import { resultsIn, type RunResults } from './results-in.ts';

/** The environment of a run. Two runs with one seed may have different environments, and must still have equal histories. */
export interface Surroundings {
  /** Path of the Node program. */
  readonly node: string;
  readonly workers: number;
  /** Number of processes that only load the processors during the run. */
  readonly busyLoops: number;
  /** `LC_ALL`. */
  readonly locale: string;
  /** `TZ`. */
  readonly timeZone: string;
  /** Offset of the computer's clock by faketime(1), such as `-12y`; an empty text for the real time. */
  readonly clock: string;
}

export interface ReplayFigures {
  /** Number of histories that were compared with the history of the first run. */
  readonly histories: number;
  readonly differences: number;
  /** Figures for each value of the environment, such as `2 workers`. A run counts for each value of its environment. */
  readonly bySurrounding: ReadonlyMap<string, { readonly histories: number; readonly differences: number }>;
  /** One sentence for each scenario whose history differed, and for each run that did not pass. */
  readonly faults: readonly string[];
}

/**
 * Fast shipped scenarios with every attestation type and transport, keys in a TPM and an HSM, fleets, faults, quotas, a webhook,
 * renewals, and an attack.
 */
const replayFiles = [
  'attestation/every-wire',
  'attestation/tpm',
  'attestation/x509-ca-chain',
  'attestation/derived-group-key',
  'certificates/device-makes-its-own',
  'field/service-has-a-bad-minute',
  'field/fleet-against-quota',
  'field/webhook-chooses-hub',
  'renewal/in-time-or-not',
  'attacks/replayed-token',
].map((name) => `scenarios/${name}.yaml`);

/** The reason why faketime cannot change the clock here; undefined if it can. The run prints the reason; in CI the run fails. */
export const faketimeMissing = clientMissing('faketime', 'faketime');

const root = join(import.meta.dirname, '..', '..');

/** The environment of this process, with 1 worker and the real clock. */
export const plainSurroundings: Surroundings = {
  node: process.execPath,
  workers: 1,
  busyLoops: 0,
  locale: 'C.UTF-8',
  timeZone: 'UTC',
  clock: '',
};

/**
 * Draws an environment from a seed. If a part is missing, does not draw the values that need it: another Node version (test/node-versions)
 * or another clock (faketime).
 */
export function drawSurroundings(random: Random): Surroundings {
  const drawn = <T>(...values: readonly [T, ...T[]]): T =>
    values[Math.floor(random.number() * values.length)] ?? values[0];
  return {
    node: drawn(process.execPath, ...([22, 24] as const).map(otherNode).filter((path) => existsSync(path))),
    workers: drawn(1, 2, 4),
    busyLoops: drawn(0, 1, 2),
    locale: drawn('C', 'tr_TR.UTF-8', 'de_DE.UTF-8', 'ja_JP.UTF-8'),
    timeZone: drawn('UTC', 'Pacific/Kiritimati', 'America/St_Johns', 'Nowhere/At_All'),
    clock: faketimeMissing === undefined ? drawn('', '-12y', '+23y') : '',
  };
}

interface ReplaySettings {
  readonly files?: readonly string[];
  readonly atOnce?: number;
  readonly onRun?: (line: string) => void;
}

/**
 * Runs scenario files with one seed in the normal environment and then in other environments, each time in another order. Compares all
 * normalised histories with the histories of the first run.
 * @param atOnce number of simultaneous runs.
 * @param onRun is called with a progress line at the end of each run.
 */
export async function replays(
  orderSeed: string,
  surroundings: readonly Surroundings[],
  { files = replayFiles, atOnce = 1, onRun }: ReplaySettings = {},
): Promise<ReplayFigures> {
  const random = new Random(orderSeed);
  const waiting = [plainSurroundings, ...surroundings]
    .map((one) => ({ one, order: shuffled(files, random) }))
    .entries();
  const results = new Map<number, RunResults & { readonly end: string }>();
  const lane = async (): Promise<void> => {
    for (const [index, { one, order }] of waiting) {
      const played = await play(order, one);
      results.set(index, played);
      const equal = [...played.histories].filter(([id, history]) => results.get(0)?.histories.get(id) === history);
      onRun?.(
        `run ${index} of ${surroundings.length}, ${namesOf(one).join(', ')}: ${equal.length} of ${played.histories.size} equal`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));

  const first = results.get(0);
  const faults: string[] = first?.end === 'exit code 0' ? [] : [`the first run ended with ${first?.end}`];
  const bySurrounding = new Map<string, { histories: number; differences: number }>();
  let [histories, differences] = [0, 0];
  for (const [index, one] of surroundings.entries()) {
    const run = results.get(index + 1);
    const names = namesOf(one);
    if (run?.end !== 'exit code 0') faults.push(`${names.join(', ')}: ended with ${run?.end}`);
    const different = [...(first?.histories ?? [])].flatMap(([id, history]) =>
      differenceOf(history, run?.histories.get(id), id),
    );
    faults.push(...different.map((sentence) => `${names.join(', ')}: ${sentence}`));
    const size = first?.histories.size ?? 0;
    histories += size;
    differences += different.length;
    for (const name of names) {
      const sum = bySurrounding.get(name) ?? { histories: 0, differences: 0 };
      bySurrounding.set(name, { histories: sum.histories + size, differences: sum.differences + different.length });
    }
  }
  return { histories, differences, bySurrounding, faults };
}

/** Returns the values of an environment as row labels for the table of figures. */
function namesOf({ node, workers, busyLoops, locale, timeZone, clock }: Surroundings): readonly string[] {
  const major = /node(\d+)\/bin\/node$/.exec(node)?.[1];
  return [
    `Node ${major ?? process.versions.node.split('.')[0]}`,
    `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    `${busyLoops} busy ${busyLoops === 1 ? 'loop' : 'loops'}`,
    `locale ${locale}`,
    `time zone ${timeZone}`,
    `clock of the computer ${clock === '' ? 'unchanged' : clock}`,
  ];
}

/** Returns a sentence with the first line that differs; no sentence if the histories are equal. */
function differenceOf(expected: string, found: string | undefined, id: string): readonly string[] {
  if (found === expected) return [];
  if (found === undefined) return [`${id} has no history`];
  const [lines, others] = [expected.split('\n'), found.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return [`${id} has another history, line ${at + 1}: ${others[at]?.trim()} instead of ${lines[at]?.trim()}`];
}

async function play(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<RunResults & { readonly end: string }> {
  const { node, workers, busyLoops, locale, timeZone, clock } = surroundings;
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-replay-'));
  const loops = Array.from({ length: busyLoops }, () => spawn(node, ['--eval', 'for (;;);'], { stdio: 'ignore' }));
  try {
    const words = ['cli/rehearse.mjs', 'run', ...files, '--seed', 'one', '--workers', String(workers)];
    const [program, ...rest] = [
      ...(clock === '' ? [] : ['faketime', '-f', clock]),
      node,
      ...words,
      '--report-dir',
      folder,
    ];
    const child = spawn(program, rest, {
      cwd: root,
      env: { ...process.env, LANG: locale, LC_ALL: locale, TZ: timeZone },
      stdio: 'ignore',
    });
    const end = await endOf(child);
    return { ...resultsIn(folder), end };
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
    await Promise.all(loops.map(endOf));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode === null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
}

function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, at: random.number() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value);
}
