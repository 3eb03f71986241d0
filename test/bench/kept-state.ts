/**
 * What `rehearse serve --state` keeps and costs. Prints one JSON object a line.
 *
 *     node --import tsx test/bench/kept-state.ts kills 20 1 6000 20000    # 20 kills for each number of enrollments
 *     node --import tsx test/bench/kept-state.ts cost 1 6000 20000        # registrations a second, with and without --state
 *
 * `cost` also measures other versions: REHEARSE_PATHS names their `cli/rehearse.mjs`, separated by blanks.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMs } from '../../core/time/clock.ts';
import { enrollMany, killRounds, labYaml } from '../cli/serve/state/kill-rounds.ts';
import { LabCalls } from '../cli/serve/state/lab-calls.ts';
import { startServe } from '../cli/serve/state/serve-process.ts';
import { command } from '../cli/run-inline.ts';

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

/** A lab to be measured. */
interface Measured {
  readonly name: string;
  readonly path: string;
  readonly isKept: boolean;
}

const connections = ['kept connections', 'new connections'] as const;

/** Registrations a second over HTTPS, six clients at a time, up to the assignment: medians of slices in turns. */
async function registrationsPerSecond(labs: readonly Measured[], enrollments: number): Promise<object> {
  const opened = await Promise.all(
    labs.map(async ({ name, path, isKept }) => {
      const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-'));
      writeFileSync(join(folder, 'lab.yaml'), labYaml);
      const lab = await startServe(folder, ['lab.yaml', ...(isKept ? ['--state', 'lab.state'] : [])], path);
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
        // The first turn warms up.
        if (turn > 0) figures.set(`${name}, ${which}`, [...(figures.get(`${name}, ${which}`) ?? []), perSecond]);
      }
    }
  }
  for (const { folder, lab, clients } of opened) {
    for (const client of clients) client.close();
    await lab.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  return Object.fromEntries([...figures].map(([name, each]) => [name, Math.round(median(each))]));
}

const turns = 8;
const sliceMs = 1500;

/** The median of an odd number of figures. */
function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

if (mode === 'kills') {
  const [rounds = 20, ...sizes] = numbers.map(Number);
  for (const enrollments of sizes) {
    const settings = { seed: `kills at ${enrollments}`, rounds, enrollments };
    print({ enrollments, ...(await inFolder((folder) => killRounds({ ...settings, folder }))) });
  }
} else {
  const others = (process.env['REHEARSE_PATHS'] ?? '').split(' ').filter(Boolean);
  for (const enrollments of numbers.map(Number)) {
    const labs = [
      { name: 'no state', path: command, isKept: false },
      ...[command, ...others].map((path, at) => ({
        name: at === 0 ? 'state' : `state of ${path}`,
        path,
        isKept: true,
      })),
    ];
    print({ enrollments, ...(await registrationsPerSecond(labs, enrollments)) });
  }
}
