/**
 * `npm run bench`: measures the cost of each flow (registration, hub connection, telemetry) as a ratio to the cost of its raw parts, such
 * as TLS handshakes. Both are measured in the same process and the same minute. Prints one JSON object. Ratios can be compared between
 * machines; absolute figures cannot.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cpus, loadavg, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { wallMs } from '../../core/time/clock.ts';
import { bareFlows } from './bare-flows.ts';
import { compareFigures } from './compare-figures.ts';
import { deviceFlows } from './device-flows.ts';
import { fairness } from './fairness.ts';
import { fleets } from './fleets.ts';
import { loaderGrowth } from './growth.ts';
import { rawHandshakes } from './raw-handshakes.ts';
import { stillClock } from './measure.ts';
import { serveBurst, serveMemory } from './serve-mqtt.ts';
import { reportFigures } from './report-page.ts';
import { rawTpms, tpmFlows } from './tpm-flows.ts';
import { watchTimes } from './watch.ts';
import { tenYearsOfRenewals, tenYearsOfVisits, tpmFleet, yearAddsMs } from './year.ts';

/** Returns the median of an odd number of figures. */
function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

/** Returns the median ratio of `work` to `raw`. Both are measured in turns, so that a slower machine affects both equally. */
async function ratioOf(turns: number, work: () => Promise<number>, raw: () => Promise<number>) {
  const pairs: { work: number; raw: number }[] = [];
  for (let turn = 0; turn < turns; turn++) pairs.push({ raw: await raw(), work: await work() });
  return {
    flowsPerSecond: round(median(pairs.map((pair) => pair.work))),
    rawPerSecond: round(median(pairs.map((pair) => pair.raw))),
    ratio: round(median(pairs.map((pair) => pair.work / pair.raw))),
  };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

interface SuiteFigures {
  readonly suiteMs: number;
  readonly firstScenarioMs: number;
  readonly exitCode: number | null;
}

/** Measures the wall time of `rehearse run` with the shipped scenarios: until the first line about a scenario, and until the end. */
async function suite(): Promise<SuiteFigures> {
  const report = join(tmpdir(), `rehearse-bench-${process.pid}`);
  try {
    return await timedSuite(report);
  } finally {
    await rm(report, { recursive: true, force: true });
  }
}

/** Measures the page of the report in the folder of `--report`. If omitted, measures the report of a run of the shipped scenarios. */
async function report(): Promise<object> {
  if (values.report !== undefined) return reportFigures(values.report);
  const folder = join(tmpdir(), `rehearse-bench-report-${process.pid}`);
  try {
    await timedSuite(folder);
    return await reportFigures(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timedSuite(report: string): Promise<SuiteFigures> {
  const started = wallMs();
  let first: number | undefined;
  const child = spawn(process.execPath, ['cli/rehearse.mjs', 'run', 'scenarios', '--report-dir', report], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (/scenarios\//.test(text)) first ??= wallMs() - started;
  });
  const exitCode = await new Promise<number | null>((done) => child.once('exit', done));
  const suiteMs = Math.round(wallMs() - started);
  return { suiteMs, firstScenarioMs: Math.round(first ?? suiteMs), exitCode };
}

/**
 * Returns the median wall time and processor time of five runs of a command, in milliseconds. The times include the child processes of the
 * command.
 */
function commandMs(...words: readonly string[]): { readonly wallMs: number; readonly processorMs: number } {
  const runs = Array.from({ length: 5 }, () => {
    const started = wallMs();
    // `times` prints two lines: the times of the shell, and the times of its child processes, such as `0m0.840s 0m0.130s`.
    const shell = [
      '-c',
      '"$@" >/dev/null; code=$?; times; exit $code',
      'sh',
      process.execPath,
      'cli/rehearse.mjs',
      ...words,
    ];
    const { status, stdout } = spawnSync('sh', shell, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`rehearse ${words.join(' ')} ended with exit code ${status}`);
    const [, children = ''] = stdout.trim().split('\n');
    const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
    );
    return { wall: wallMs() - started, processor: 1000 * seconds.reduce((sum, one) => sum + one, 0) };
  });
  return {
    wallMs: Math.round(median(runs.map(({ wall }) => wall))),
    processorMs: Math.round(median(runs.map(({ processor }) => processor))),
  };
}

/** Measures the commands that an author repeats while writing a scenario: help, check and run. */
function innerLoop() {
  const one = 'scenarios/attestation/symmetric-key.yaml';
  const report = join(tmpdir(), `rehearse-bench-loop-${process.pid}`);
  const figures = {
    help: commandMs('--help'),
    check: commandMs('check', one),
    run: commandMs('run', one, '--report-dir', report),
  };
  rmSync(report, { recursive: true, force: true });
  return figures;
}

/** Returns the ratio of the duration of a flow to the duration of its raw parts, such as TLS handshakes without any other work. */
async function flows(attestation: 'x509' | 'symmetricKey', raw: RawParts) {
  const ours = await deviceFlows(attestation, stillClock);
  const parts = await raw({ clientCertificate: attestation === 'x509' });
  // The first flows and the first raw parts also load code, so this function does not measure them.
  await Promise.all([ours.measure(50), parts.measure(50)]);
  const found = await ratioOf(
    5,
    () => ours.measure(200),
    () => parts.measure(200),
  );
  await Promise.all([ours.close(), parts.close()]);
  return found;
}

type RawParts = typeof bareFlows | typeof rawHandshakes;

const measures: Readonly<Record<string, () => Promise<object> | object>> = {
  bare: async () => ({
    x509: await flows('x509', bareFlows),
    symmetricKey: await flows('symmetricKey', bareFlows),
  }),
  x509: () => flows('x509', rawHandshakes),
  symmetricKey: () => flows('symmetricKey', rawHandshakes),
  year: async () => ({ addsMs: await yearAddsMs(15) }),
  tenYearsOfVisits,
  tenYearsOfRenewals,
  tpmFleet: () => tpmFleet(30),
  innerLoop,
  loaderGrowth,
  fairness,
  tpm: () =>
    ratioOf(
      3,
      () => tpmFlows(12),
      () => rawTpms(12),
    ),
  fleets,
  serveBurst,
  serveMemory,
  watch: watchTimes,
  suite,
  report,
};

const { values } = parseArgs({
  options: { only: { type: 'string' }, report: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const names = values.only?.split(',') ?? Object.keys(measures);
const committedPath = new URL('figures.json', import.meta.url);
const committed = JSON.parse(readFileSync(committedPath, 'utf8')) as object;
const cpu = `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}`;
const machine = { node: process.version, cpu, load: loadavg().map(round).join(', ') };
const figures: Record<string, object> = {};
for (const name of names) {
  const measure = measures[name];
  if (measure === undefined) throw new Error(`unknown measure ${name}; expected ${Object.keys(measures).join(', ')}`);
  figures[name] = { ...(await measure()), machine };
}
if (values.write) writeFileSync(committedPath, `${JSON.stringify({ ...committed, ...figures }, null, 2)}\n`);
process.stdout.write(`${JSON.stringify({ ...figures, compared: compareFigures(figures, committed) }, null, 2)}\n`);
