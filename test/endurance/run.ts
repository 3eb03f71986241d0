import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';
import { fuzz, listeners } from './fuzz.ts';
import { Random } from '../../core/random.ts';
import { drawSurroundings, replays } from './replays.ts';
import { soak } from './soak.ts';
import { writeFigures } from './write-figures.ts';

// Starts the long runs: `npm run soak`, `npm run fuzz`, `npm run chaos`, `npm run replays`. They exit with 1 on an error, and write their
// figures into docs/reliability.md. `--count` makes a run shorter, and the page then states this; `--seed` selects other moments and bytes.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string', default: 'rehearsal' } },
});
const [kind] = positionals;
const runs: Readonly<Record<string, () => Promise<boolean>>> = {
  soak: runSoak,
  fuzz: runFuzz,
  chaos: runChaos,
  replays: runReplays,
};
const run = runs[kind ?? ''];
if (run === undefined) throw new Error(`expected one of ${Object.keys(runs).join(', ')}, found ${kind ?? 'nothing'}`);
process.exitCode = (await run()) ? 0 : 1;

/**
 * Returns the words for a run that is shorter than the full run, such as `a shorter run than the full one of 20,000`; empty for the full
 * run.
 */
function shortened(count: number, full: number): string {
  return count < full ? ` This is a shorter run; the full one has ${full.toLocaleString('en')}.` : '';
}

async function runSoak(): Promise<boolean> {
  const full = 20_000;
  const count = Number(values.count ?? full);
  const marks = [0.1, 0.2, 0.4, 0.6, 0.8, 1].map((part) => Math.round(count * part));
  const { registrations, refused, wrong, wrongCount, seconds, uses } = await soak(marks);
  writeFigures('soak', [
    `${registrations.toLocaleString('en')} registrations over HTTPS, MQTT and AMQP in turns, ${refused} of them with a wrong token, in ${Math.round(seconds)} s: wrong answers ${wrongCount}.${shortened(count, full)}`,
    '',
    '| after | heap in MB after collection | memory in MB | descriptors |',
    '|---|---|---|---|',
    ...uses.map(
      ({ after, heapMb, rssMb, descriptors }) =>
        `| ${after.toLocaleString('en')} | ${heapMb} | ${rssMb} | ${descriptors} |`,
    ),
  ]);
  process.stdout.write(`${JSON.stringify({ registrations, refused, wrong, wrongCount, uses }, undefined, 2)}\n`);
  return wrongCount === 0;
}

async function runFuzz(): Promise<boolean> {
  const full = 20_000;
  const count = Number(values.count ?? full);
  const found = await fuzz(values.seed, Object.fromEntries(listeners.map((name) => [name, count])));
  const faults = found.flatMap(({ faults: some }) => some);
  writeFigures('fuzz', [
    `Seed \`${values.seed}\`.${shortened(count, full)}`,
    '',
    '| listener | shots | connections that did not end | good clients that failed |',
    '|---|---|---|---|',
    ...found.map(
      ({ listener, shots, hangs, refusedGood, goodClients }) =>
        `| ${listener} | ${shots.toLocaleString('en')} | ${hangs} | ${refusedGood} of ${goodClients} |`,
    ),
    '',
    `Faults: ${faults.length === 0 ? 'none' : faults.join('; ')}.`,
  ]);
  process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  return faults.length === 0 && found.every(({ hangs, refusedGood }) => hangs === 0 && refusedGood === 0);
}

async function runChaos(): Promise<boolean> {
  const full = 40;
  const count = Number(values.count ?? full);
  const { kills, ends, surroundings, faults } = await chaos(values.seed, { kills: count, isWithSurroundings: true });
  const line = (what: string, some: readonly { readonly result: string }[]): string =>
    `| ${what} | ${some.length} | ${some.filter(({ result }) => result === 'unaffected').length} | ${some.filter(({ result }) => result === 'inconclusive').length} | ${some.filter(({ result }) => result === 'fault').length} |`;
  const programs = [...new Set(kills.map(({ program }) => program))].toSorted();
  writeFigures('chaos', [
    `Seed \`${values.seed}\`.${shortened(count, full)} "Unaffected": the verdict and the normalised history are those of an undisturbed run. "Fault": another verdict than inconclusive, or another history.`,
    '',
    '| disturbance | times | unaffected | inconclusive | fault |',
    '|---|---|---|---|---|',
    ...programs.map((program) =>
      line(
        `kill -9 of \`${program}\``,
        kills.filter((one) => one.program === program),
      ),
    ),
    ...ends.map(({ what, result }) => line(what, [{ result }])),
    ...surroundings.map(({ what, result }) => line(what, [{ result }])),
    '',
    `Faults: ${faults.length === 0 ? 'none' : faults.join('; ')}.`,
  ]);
  process.stdout.write(`${JSON.stringify({ kills, ends, surroundings, faults }, undefined, 2)}\n`);
  return faults.length === 0;
}

/** Runs replays; `--count` is the number of runs, with 50 histories each. */
async function runReplays(): Promise<boolean> {
  const full = 20;
  const count = Number(values.count ?? full);
  const random = new Random(values.seed);
  const surroundings = Array.from({ length: count }, () => drawSurroundings(random));
  const { histories, differences, bySurrounding, faults } = await replays(values.seed, surroundings, {
    onRun: (line) => process.stderr.write(`${line}\n`),
  });
  const rows = [...bySurrounding].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
  writeFigures('replays', [
    `${histories.toLocaleString('en')} histories of ${count} runs were compared with those of a plain run: ${differences} differ.${shortened(count, full)} Seed of the surroundings: \`${values.seed}\`.`,
    '',
    '| surrounding | histories | different |',
    '|---|---|---|',
    ...rows.map(([name, { histories: some, differences: other }]) => `| ${name} | ${some} | ${other} |`),
    '',
    `Faults: ${faults.length === 0 ? 'none' : faults.join('; ')}.`,
  ]);
  process.stdout.write(`${JSON.stringify({ histories, differences, faults }, undefined, 2)}\n`);
  return faults.length === 0;
}
