#!/usr/bin/env node
// `npm run mutation`: disables each check in turn and runs the shipped scenarios in which this check refuses a client in a normal run. Ends
// with 1 if no scenario detects a disabled check. `--check a,b` tests only these checks, and does not write docs/mutation.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WorkerPool } from './mutation/pool.mjs';
import { root } from './start.mjs';

/** Number of scenarios that must detect a disabled check. When so many have detected it, the check needs no further runs. */
const enough = 3;
const page = join(root, 'docs', 'mutation.md');
const mark = '<!-- Written by `npm run generate` from here on. -->';

const { values } = parseArgs({ options: { check: { type: 'string' } } });
const pool = new WorkerPool(Math.min(4, availableParallelism()));
try {
  process.exitCode = await main();
} finally {
  pool.close();
}

async function main() {
  const { checks, ids } = await pool.ask({ kind: 'list' });
  const chosen = values.check?.split(',') ?? checks;
  const unknown = chosen.filter((check) => !checks.includes(check));
  if (unknown.length > 0) {
    process.stderr.write(`error: unknown check: ${unknown.join(', ')}\n`);
    return 2;
  }
  process.stdout.write(
    `running ${ids.length} scenarios with all checks enabled, to see which checks fail in each scenario\n`,
  );
  const played = await Promise.all(ids.map(async (id) => ({ id, ...(await pool.ask({ kind: 'play', id })) })));
  const broken = played.filter(({ verdict }) => verdict === undefined || verdict.kind === 'fail');
  if (broken.length > 0) {
    process.stderr.write(
      `error: these scenarios do not pass with all checks enabled: ${broken.map(({ id }) => id).join(', ')}\n`,
    );
    return 2;
  }
  const found = await Promise.all(chosen.map((check) => detectedBy(check, played)));
  const undetected = chosen.filter((_, index) => found[index].length === 0);
  if (values.check === undefined) writePage(checks, found);
  process.stdout.write(`\n${chosen.length - undetected.length} of ${chosen.length} disabled checks are detected\n`);
  if (undetected.length === 0) return 0;
  process.stdout.write(`not detected: ${undetected.join(', ')}\n`);
  return 1;
}

/**
 * Runs scenarios until enough have detected the disabled check. Only a scenario in which the check fails in a normal run can detect that
 * the check is disabled.
 */
async function detectedBy(check, played) {
  const decides = ({ decided }) => (decided?.includes(check) === true ? 0 : 1);
  const candidates = played
    .filter(({ failed }) => failed?.includes(check) === true)
    .toSorted((one, other) => decides(one) - decides(other) || (one.id < other.id ? -1 : 1));
  const detecting = [];
  const others = [];
  for (const { id } of candidates) {
    if (detecting.length === enough) break;
    const answer = await pool.ask({ kind: 'play', id, sabotage: check });
    if (answer?.notice === 'noticed') detecting.push(id);
    else
      others.push(
        `${id} (${answer?.notice ?? 'no answer'}${answer?.notice === 'unknown' ? `: ${firstLine(answer)}` : ''})`,
      );
  }
  printResult(check, { detecting, others, candidates: candidates.length });
  return detecting;
}

function firstLine({ verdict }) {
  return verdict.reason.split('\n', 1)[0];
}

function printResult(check, { detecting, others, candidates }) {
  const head =
    detecting.length > 0
      ? detecting.join(', ')
      : candidates === 0
        ? 'NOT DETECTED: the check fails in no scenario'
        : 'NOT DETECTED';
  const rest = others.map((other) => `    not detected by ${other}\n`).join('');
  process.stdout.write(`${check}: ${head}\n${rest}`);
}

function writePage(checks, found) {
  const [head = ''] = readFileSync(page, 'utf8').split(mark);
  const lines = checks.map((check, index) => {
    const detecting = found[index];
    const ids = detecting.length === 0 ? 'not detected yet' : detecting.map((id) => `\`${id}\``).join(', ');
    return `- \`${check}\`: ${ids}`;
  });
  writeFileSync(page, `${head}${mark}\n\n${lines.join('\n')}\n`);
}
