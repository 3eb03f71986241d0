import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterRealTime } from '../../core/time/clock.ts';
import { normaliseHistory } from '../../core/history/normalise-history.ts';
import { loadText } from '../../cli/files/load-files.ts';
import { Random } from '../../core/random.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import { resultsIn, type RunResults } from './results-in.ts';
import { watchHelpers, type Kill, type Watched } from './watch-helpers.ts';

/** The effect of a disturbance on the results of a run. */
type Effect = 'unaffected' | 'inconclusive' | 'fault';

export interface ChaosFigures {
  /** One entry for each helper process that the run killed. */
  readonly kills: readonly (Kill & { readonly file: string; readonly result: Effect })[];
  /** The effect of each signal that ended a run. */
  readonly ends: readonly { readonly what: string; readonly result: Effect }[];
  /** The effect of each incomplete or changed environment of a run. */
  readonly surroundings: readonly { readonly what: string; readonly result: Effect }[];
  /** Sentences. */
  readonly faults: readonly string[];
}

/**
 * Shipped scenarios with helper processes: keys in an HSM and in a TPM, certificates of a device and over EST. The CA that answers EST
 * requests has no separate process. In that scenario, chaos can only kill the process that starts helper programs.
 */
const scenarioFiles = [
  'scenarios/keys/symmetric-key-in-hsm.yaml',
  'scenarios/keys/ca-key-in-hsm.yaml',
  'scenarios/keys/tpm-holds-x509.yaml',
  'scenarios/attestation/tpm.yaml',
  'scenarios/certificates/device-makes-its-own.yaml',
  'scenarios/certificates/vendor-out-on-production-day.yaml',
] as const;

const root = join(import.meta.dirname, '..', '..');
const seed = 'chaos';

/** The observed result of a run. */
interface Observed extends RunResults {
  /** Exit code of the command; null if a signal ended it, or if the run was in this process. */
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly watched?: Watched;
}

/**
 * Runs shipped scenarios undisturbed and then with disturbances: helper processes killed at moments drawn from the seed, signals, a full
 * disk, few descriptors, another locale and time zone. A disturbance may change a verdict to inconclusive only; any other change is an
 * error.
 */
export async function chaos(
  chaosSeed: string,
  {
    kills: count,
    isWithSurroundings,
    files = scenarioFiles,
  }: {
    readonly kills: number;
    readonly isWithSurroundings: boolean;
    readonly files?: readonly string[];
  },
): Promise<ChaosFigures> {
  const random = new Random(chaosSeed);
  const faults: string[] = [];
  const plain = new Map<string, Observed>();
  for (const file of files) plain.set(file, await playHere(file));
  const judge = (what: string, file: string, observed: Observed): Effect => {
    const problems = changesOf(plain.get(file), observed);
    faults.push(...problems.faults.map((fault) => `${what}, ${file}: ${fault}`));
    return problems.effect;
  };
  const kills: ChaosFigures['kills'][number][] = [];
  const targets = files.flatMap((file) =>
    [...(plain.get(file)?.watched?.livesMs ?? [])].map(([program, livesMs]) => ({ file, program, livesMs })),
  );
  // Selects scenarios and helper programs in turn, so that a process of each program is killed. If the helper has ended before the drawn
  // moment, no process is killed and the loop draws another moment.
  for (let attempt = 0; kills.length < count && attempt < count * 5; attempt++) {
    const target = targets[attempt % targets.length];
    if (target === undefined) break;
    const { file, program, livesMs } = target;
    const which = Math.floor(random.number() * livesMs.length);
    const afterMs = Math.floor(random.number() * (livesMs[which] ?? 0));
    const observed = await playHere(file, { program, which, afterMs });
    const killed = observed.watched?.killed;
    if (killed !== undefined) kills.push({ file, ...killed, result: judge(`kill of ${program}`, file, observed) });
  }
  if (kills.length < count) faults.push(`only ${kills.length} of ${count} helpers were killed`);
  const ends: ChaosFigures['ends'][number][] = [];
  const surroundings: ChaosFigures['surroundings'][number][] = [];
  if (isWithSurroundings) {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const file = files[ends.length % files.length] ?? '';
      const observed = await play(file, { signal, signalAfterMs: 1500 + Math.floor(random.number() * 3000) });
      ends.push({ what: signal, result: judge(signal, file, observed) });
    }
    for (const [what, wrapping] of Object.entries(wrappings)) {
      const file = files[surroundings.length % files.length] ?? '';
      surroundings.push({ what, result: judge(what, file, await play(file, wrapping)) });
    }
  }
  return { kills, ends, surroundings, faults };
}

interface Disturbance {
  readonly signal?: NodeJS.Signals;
  readonly signalAfterMs?: number;
  /** Shell text that comes before the command. It must run the command as `"$@"`. */
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const wrappings: Readonly<Record<string, Disturbance>> = {
  'stdout on a full disk': { shell: 'exec "$@" > /dev/full' },
  'report folder on a full disk': {
    shell: 'exec unshare -m sh -c \'mount -t tmpfs -o size=16k full "$REPORT" && exec "$@"\' sh "$@"',
  },
  '40 file descriptors': { shell: 'ulimit -n 40; exec "$@"' },
  '80 file descriptors': { shell: 'ulimit -n 80; exec "$@"' },
  'time zone of Kiritimati, Turkish locale': {
    env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  },
  'time zone of St. John’s, no locale': { env: { TZ: 'America/St_Johns', LANG: '', LC_ALL: 'C' } },
};

/** Runs all variants of a file in this process and watches its helper processes. */
async function playHere(file: string, kill?: Kill): Promise<Observed> {
  const loaded = loadText(file, readFileSync(join(root, file), 'utf8'));
  if (!loaded.ok) throw new Error(`${file} has mistakes`);
  const verdicts = new Map<string, string>();
  const histories = new Map<string, string>();
  const endWatch = watchHelpers(process.pid, kill);
  for (const scenario of loaded.scenarios) {
    const versions = { rehearsal: 'chaos', node: process.version };
    const run = await playScenario(scenario, { seed, startCloud, versions });
    verdicts.set(scenario.id, run.verdict.kind);
    histories.set(scenario.id, normaliseHistory(run.history));
  }
  return { exitCode: null, verdicts, histories, stderr: '', watched: endWatch() };
}

/** Runs a scenario file with the `rehearse` command. */
async function play(file: string, disturbance: Disturbance = {}): Promise<Observed> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-chaos-'));
  try {
    const words = [process.execPath, 'cli/rehearse.mjs', 'run', file, '--seed', seed, '--report-dir', folder];
    const [program = '', ...args] =
      disturbance.shell === undefined ? words : ['sh', '-c', disturbance.shell, 'sh', ...words];
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...disturbance.env, REPORT: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close') as Promise<[number | null]>;
    const { signal } = disturbance;
    if (signal !== undefined) afterRealTime(disturbance.signalAfterMs ?? 0, () => child.kill(signal));
    const [exitCode] = await ended;
    return { exitCode, stderr, ...resultsIn(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the differences between a disturbed run and the undisturbed run. */
function changesOf(
  plain: Observed | undefined,
  disturbed: Observed,
): { readonly effect: Effect; readonly faults: readonly string[] } {
  const faults: string[] = [];
  let isInconclusive = disturbed.verdicts.size < (plain?.verdicts.size ?? 0);
  for (const [id, verdict] of disturbed.verdicts) {
    const before = plain?.verdicts.get(id);
    // A run does not fail because of a skipped scenario, so a disturbance may skip a scenario only if a part is missing.
    if (verdict === 'unknown') isInconclusive = true;
    else if (verdict !== before) faults.push(`${id} was ${before}, is ${verdict}`);
    else if (disturbed.histories.get(id) !== plain?.histories.get(id)) faults.push(`${id} has another history`);
  }
  if (isInconclusive && disturbed.exitCode === 0) faults.push('exit code 0 of an inconclusive run');
  if (/fault of its own/.test(disturbed.stderr)) faults.push(disturbed.stderr.slice(0, 300));
  return { effect: faults.length > 0 ? 'fault' : isInconclusive ? 'inconclusive' : 'unaffected', faults };
}
