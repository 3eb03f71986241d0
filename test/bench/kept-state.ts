/**
 * Measures the durability and the cost of `rehearse serve --state`. Prints one JSON object per line.
 *
 *     node --import tsx test/bench/kept-state.ts kills 20 1 6000 20000    # 20 kills for each number of enrollments
 *     node --import tsx test/bench/kept-state.ts cost 1 6000 20000        # registrations per second, with and without --state
 *     node --import tsx test/bench/kept-state.ts page FILE…               # writes such lines of FILEs into docs/reliability.md
 *
 * `cost` also measures other versions: REHEARSE_PATHS has a name and the path of `cli/rehearse.mjs` for each, as in
 * `6b10a24=/tmp/old/cli/rehearse.mjs`, separated by spaces. The labs take turns, and each lab is compared with the first one turn by turn,
 * so that other load on the machine affects both equally. `page` writes the checked-out commit.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMs } from '../../core/time/clock.ts';
import { enrollMany, killRounds, labYaml, type KillFigures } from '../cli/serve/state/kill-rounds.ts';
import { LabCalls } from '../cli/serve/state/lab-calls.ts';
import { startServe } from '../cli/serve/state/serve-process.ts';
import { command } from '../cli/run-inline.ts';
import { writeFigures } from '../endurance/write-figures.ts';

const [mode, ...numbers] = process.argv.slice(2);

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** A lab whose registrations per second are measured. */
interface Measured {
  readonly name: string;
  readonly path: string;
  readonly isKept: boolean;
}

const connections = ['kept connections', 'new connections'] as const;

/** The result of `cost`. Keys are the name of a lab, a comma and the kind of connections. */
interface Cost {
  readonly enrollments: number;
  readonly perSecond: Readonly<Record<string, number>>;
  /**
   * For each lab except `state`: the registrations per second of `state`, divided by those of the other lab. The value is the median over
   * the turns.
   */
  readonly stateBy: Readonly<Record<string, number>>;
}

/** Measures registrations per second over HTTPS, six clients at a time, until the assignment. Each figure is a median over turns. */
async function cost(labs: readonly Measured[], enrollments: number): Promise<Cost> {
  const opened = await Promise.all(
    labs.map(async ({ name, path, isKept }) => {
      const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-'));
      writeFileSync(join(folder, 'lab.yaml'), labYaml);
      const lab = await startServe(folder, ['lab.yaml', ...(isKept ? ['--state', 'lab.state'] : [])], { path });
      const calls = new LabCalls(lab.ready);
      await enrollMany(calls, enrollments);
      const group = await calls.service('POST', 'enrollmentGroups/devices/attestationmechanism');
      const key = Buffer.from((group.body['symmetricKey'] as { primaryKey: string }).primaryKey, 'base64');
      return { name, folder, lab, key, clients: [calls, new LabCalls(lab.ready, false)] as const };
    }),
  );
  const figures = new Map<string, number[]>();
  let number = 0;
  for (let turn = 0; turn < turns; turn++) {
    for (const [kind, which] of connections.entries()) {
      for (const { name, key, clients } of opened) {
        const from = wallMs();
        const first = number;
        const work = async (): Promise<void> => {
          while (wallMs() < from + sliceMs) await clients[kind as 0 | 1].registerByHttps(`dev-${++number}`, key);
        };
        await Promise.all(Array.from({ length: 6 }, work));
        const perSecond = ((number - first) * 1000) / (wallMs() - from);
        // The first turn is a warm-up.
        if (turn > 0) figures.set(`${name}, ${which}`, [...(figures.get(`${name}, ${which}`) ?? []), perSecond]);
      }
    }
  }
  for (const { folder, lab, clients } of opened) {
    for (const client of clients) client.close();
    await lab.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  const inTurns = (each: readonly number[], name: string): number => {
    const kept = figures.get(`state,${name.split(',')[1] ?? ''}`) ?? [];
    return Number(median(each.map((rate, turn) => (kept[turn] ?? Number.NaN) / rate)).toFixed(3));
  };
  return {
    enrollments,
    perSecond: Object.fromEntries([...figures].map(([name, each]) => [name, Math.round(median(each))])),
    stateBy: Object.fromEntries([...figures].map(([name, each]) => [name, inTurns(each, name)])),
  };
}

const turns = 20;
const sliceMs = 500;

/** Returns the median of an odd number of figures. */
function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

/** The result that `kills` prints. */
interface Kills extends KillFigures {
  readonly enrollments: number;
}

function writePage(found: readonly (Cost | Kills)[]): void {
  const percent = (ratio: number): string => `${ratio < 1 ? '−' : '+'}${Math.abs(Math.round((ratio - 1) * 100))} %`;
  const number = (value: number): string => value.toLocaleString('en');
  const kills = found.flatMap((one) => ('kills' in one ? [one] : []));
  const costs = found.flatMap((one) => ('stateBy' in one ? [one] : []));
  const killLines = [
    '`kill -9` at random moments while 10 clients enroll, register (HTTPS and MQTT), write twins and remove. After each restart the lab is asked for every confirmed change.',
    '',
    '| enrollments at the start | kills | confirmed changes | lost | unreadable states |',
    '|---|---|---|---|---|',
    ...kills.map((one) =>
      // The measurement throws if a state is unreadable, so a printed row always has 0 unreadable states.
      row(number(one.enrollments), one.kills, number(one.acknowledged), one.lost.length, 0),
    ),
  ];
  const costLines = [
    'Registrations a second over HTTPS by 6 clients with `--state`, compared with other labs turn by turn (medians):',
    '',
    '| enrollments | compared with | a second | with `--state` |',
    '|---|---|---|---|',
    ...costs.flatMap(({ enrollments, stateBy, perSecond }) =>
      Object.entries(stateBy)
        .filter(([name]) => !name.startsWith('state,'))
        .map(([name, ratio]) => row(number(enrollments), name, number(perSecond[name] ?? 0), percent(ratio))),
    ),
  ];
  writeFigures('kept-state', [
    `Load average of the machine: ${loadavg()
      .map((load) => load.toFixed(0))
      .join(', ')}.`,
    ...(kills.length === 0 ? [] : ['', ...killLines]),
    ...(costs.length === 0 ? [] : ['', ...costLines]),
  ]);
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

if (mode === 'page') {
  const lines = numbers.flatMap((path) => readFileSync(path, 'utf8').split('\n').filter(Boolean));
  writePage(lines.map((line) => JSON.parse(line) as Cost | Kills).toSorted((a, b) => a.enrollments - b.enrollments));
} else if (mode === 'kills') {
  const [rounds = 20, ...sizes] = numbers.map(Number);
  for (const enrollments of sizes) {
    const settings = { seed: `kills at ${enrollments}`, rounds, enrollments };
    print({ enrollments, ...(await inFolder((folder) => killRounds({ ...settings, folder }))) } satisfies Kills);
  }
} else {
  const others = (process.env['REHEARSE_PATHS'] ?? '').split(' ').filter(Boolean);
  for (const enrollments of numbers.map(Number)) {
    const labs = [
      { name: 'no state', path: command, isKept: false },
      { name: 'state', path: command, isKept: true },
      ...others.map((other) => {
        const [name = '', path = ''] = other.split('=');
        return { name, path, isKept: true };
      }),
    ];
    print(await cost(labs, enrollments));
  }
}
