import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterRealTime, wallMs } from '../../core/time/clock.ts';
import { normaliseHistory } from '../../core/history/normalise-history.ts';
import { loadText } from '../../cli/files/load-text.ts';
import { Random } from '../../core/random.ts';
import type { Run } from '../../core/run/run.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';

/** What a disturbance did to the verdicts of a run. */
type Effect = 'unaffected' | 'inconclusive' | 'fault';

export interface ChaosFigures {
  /** One for each helper process that was killed; `moment` says which one of its run and how long after its start. */
  readonly kills: readonly {
    readonly file: string;
    readonly program: string;
    readonly moment: string;
    readonly result: Effect;
  }[];
  /** Runs that were ended by a signal. */
  readonly ends: readonly { readonly what: string; readonly result: Effect }[];
  /** Runs in surroundings that lack something, or differ. */
  readonly surroundings: readonly { readonly what: string; readonly result: Effect }[];
  /** Sentences. */
  readonly faults: readonly string[];
}

/** Shipped scenarios with helper processes: keys in an HSM, a TPM, and certificates over EST. */
const scenarioFiles = [
  'scenarios/keys/symmetric-key-in-hsm.yaml',
  'scenarios/attestation/tpm.yaml',
  'scenarios/certificates/device-makes-its-own.yaml',
] as const;

const helpers = ['openssl', 'swtpm', 'pkcs11-tool', 'softhsm2-util'];
const root = join(import.meta.dirname, '..', '..');
const seed = 'chaos';

/** What a run came to: its exit code (of the command; null if a signal ended it, or if it was played in this process), and by scenario its verdict and its normalised history. */
interface Observed {
  readonly exitCode: number | null;
  readonly verdicts: ReadonlyMap<string, string>;
  readonly histories: ReadonlyMap<string, string>;
  readonly stderr: string;
  /** Of each helper process in the order of their starts: for how long it was seen, in real milliseconds. */
  readonly helperLivesMs: readonly number[];
  /** Set if a helper was killed. */
  readonly killed?: { readonly program: string; readonly moment: string };
}

/**
 * Plays shipped scenarios undisturbed and then with disturbances: helper processes that are killed at moments that the seed draws, signals,
 * a full disk, few descriptors, another locale and time zone. A verdict that a disturbance changed from pass to fail, or to pass, is a
 * fault; to inconclusive is right.
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
  // The helper may have ended before the moment; then nothing is killed, and another moment is drawn.
  for (let attempt = 0; kills.length < count && attempt < count * 3; attempt++) {
    const file = files[attempt % files.length] ?? '';
    const lives = plain.get(file)?.helperLivesMs ?? [];
    const which = Math.floor(random.number() * lives.length);
    const kill = { which, afterMs: Math.floor(random.number() * (lives[which] ?? 0)) };
    const observed = await playHere(file, kill);
    if (observed.killed === undefined) continue;
    kills.push({ file, ...observed.killed, result: judge(`kill of ${observed.killed.program}`, file, observed) });
  }
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
  /** Words of a shell that come before the command. `"$@"` is the command. */
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

/** Plays all variants of a file in this process, whose helper processes are watched. */
async function playHere(file: string, kill?: Kill): Promise<Observed> {
  const loaded = loadText(file, readFileSync(join(root, file), 'utf8'));
  if (!loaded.ok) throw new Error(`${file} has mistakes`);
  const verdicts = new Map<string, string>();
  const histories = new Map<string, string>();
  const watched = watchHelpers(process.pid, kill);
  for (const scenario of loaded.scenarios) {
    const versions = { rehearsal: 'chaos', node: process.version };
    const run = await playScenario(scenario, { seed, startCloud, versions });
    verdicts.set(scenario.id, run.verdict.kind);
    histories.set(scenario.id, normaliseHistory(run.history));
  }
  return { exitCode: null, verdicts, histories, stderr: '', ...watched() };
}

/** Plays a file by the command. */
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
    return { exitCode, stderr, ...resultsIn(folder), helperLivesMs: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Kill {
  /** Which helper, in the order of their starts from 0. */
  readonly which: number;
  readonly afterMs: number;
}

/** What was seen of the helper processes of a run. */
type Watched = Pick<Observed, 'helperLivesMs' | 'killed'>;

/** Looks for the helper processes of a run, and kills one of them. Returns what tells of them, once the run is over. */
function watchHelpers(ancestor: number, kill: Kill | undefined): () => Watched {
  const lives = new Map<number, { readonly from: number; to: number }>();
  let killed: Observed['killed'];
  let isOver = false;
  const look = (): void => {
    if (isOver) return;
    const now = wallMs();
    for (const { pid, program } of helpersBelow(ancestor)) {
      const life = lives.get(pid);
      if (life !== undefined) {
        life.to = now;
        continue;
      }
      lives.set(pid, { from: now, to: now });
      if (lives.size - 1 !== kill?.which) continue;
      afterRealTime(kill.afterMs, () => {
        // Its number may be of another process by now.
        if (statOf(pid)?.program !== program) return;
        process.kill(pid, 'SIGKILL');
        killed = { program, moment: `helper ${kill.which}, ${kill.afterMs} ms` };
      });
    }
    afterRealTime(3, look);
  };
  look();
  return () => {
    isOver = true;
    return {
      helperLivesMs: [...lives.values()].map(({ from, to }) => to - from),
      ...(killed === undefined ? {} : { killed }),
    };
  };
}

/** Processes of `helpers` among the descendants of a process. */
function helpersBelow(ancestor: number): { readonly pid: number; readonly program: string }[] {
  const parents = new Map<number, number>();
  const found: { pid: number; program: string }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = statOf(pid);
    if (stat === undefined) continue;
    parents.set(pid, stat.parent);
    if (helpers.includes(stat.program)) found.push({ pid, program: stat.program });
  }
  return found.filter(({ pid }) => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === ancestor) return true;
    return false;
  });
}

function statOf(pid: number): { readonly program: string; readonly parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { program: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function resultsIn(folder: string): Pick<Observed, 'verdicts' | 'histories'> {
  const verdicts = new Map<string, string>();
  const histories = new Map<string, string>();
  const file = join(folder, 'results.json');
  if (!existsSync(file)) return { verdicts, histories };
  const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  for (const { id, verdict, runFile } of scenarios) {
    verdicts.set(id, verdict);
    if (runFile === null || runFile === undefined || !existsSync(join(folder, runFile))) continue;
    const { history } = JSON.parse(readFileSync(join(folder, runFile), 'utf8')) as Run;
    histories.set(id, normaliseHistory(history));
  }
  return { verdicts, histories };
}

/** What of a disturbed run is another than in the undisturbed one. */
function changesOf(
  plain: Observed | undefined,
  disturbed: Observed,
): { readonly effect: Effect; readonly faults: readonly string[] } {
  const faults: string[] = [];
  let isInconclusive = disturbed.verdicts.size < (plain?.verdicts.size ?? 0);
  for (const [id, verdict] of disturbed.verdicts) {
    const before = plain?.verdicts.get(id);
    if (verdict === 'unknown' || verdict === 'skipped') isInconclusive = true;
    else if (verdict !== before) faults.push(`${id} was ${before}, is ${verdict}`);
    else if (disturbed.histories.get(id) !== plain?.histories.get(id)) faults.push(`${id} has another history`);
  }
  if (isInconclusive && disturbed.exitCode === 0) faults.push('exit code 0 of an inconclusive run');
  if (/fault of its own/.test(disturbed.stderr)) faults.push(disturbed.stderr.slice(0, 300));
  return { effect: faults.length > 0 ? 'fault' : isInconclusive ? 'inconclusive' : 'unaffected', faults };
}
