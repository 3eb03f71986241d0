#!/usr/bin/env node
// `npm run mutation`: switches each check off in turn and plays the shipped scenarios in which it fails otherwise. Ends with 1
// where a check is left that no scenario misses. `--check a,b` looks at these only, and leaves docs/mutation.md as it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WorkerPool } from './mutation/pool.mjs';
import { root } from './start.mjs';

/** So many that notice are enough for one check. */
const enough = 3;
const page = join(root, 'docs', 'mutation.md');
const mark = '<!-- Written by `npm run generate` from here on. -->';

const { values } = parseArgs({ options: { check: { type: 'string' } } });
const crew = new WorkerPool(Math.min(4, availableParallelism()));
try {
  process.exitCode = await main();
} finally {
  crew.leave();
}

async function main() {
  const { checks, ids } = await crew.ask({ kind: 'list' });
  const chosen = values.check?.split(',') ?? checks;
  const unknown = chosen.filter((check) => !checks.includes(check));
  if (unknown.length > 0) {
    process.stderr.write(`error: no such check: ${unknown.join(', ')}\n`);
    return 2;
  }
  process.stdout.write(`${ids.length} scenarios as they are, to see in which of them a check fails\n`);
  const played = await Promise.all(ids.map(async (id) => ({ id, ...(await crew.ask({ kind: 'play', id })) })));
  const broken = played.filter(({ verdict }) => verdict === undefined || verdict.kind === 'fail');
  if (broken.length > 0) {
    process.stderr.write(`error: these do not pass as they are: ${broken.map(({ id }) => id).join(', ')}\n`);
    return 2;
  }
  const found = await Promise.all(chosen.map((check) => whoNotices(check, played)));
  const unnoticed = chosen.filter((_, index) => found[index].noticed.length === 0);
  if (values.check === undefined) writePage(checks, found);
  process.stdout.write(
    `\n${chosen.length - unnoticed.length} of ${chosen.length} checks are missed when they are gone\n`,
  );
  if (unnoticed.length === 0) return 0;
  process.stdout.write(`no scenario misses: ${unnoticed.join(', ')}\n`);
  return 1;
}

/** Plays until enough have noticed. A check that passes everywhere changes nothing where it is switched off. */
async function whoNotices(check, played) {
  const decides = ({ decided }) => (decided?.includes(check) === true ? 0 : 1);
  const candidates = played
    .filter(({ failed }) => failed?.includes(check) === true)
    .toSorted((one, other) => decides(one) - decides(other) || (one.id < other.id ? -1 : 1));
  const noticed = [];
  const others = [];
  for (const { id } of candidates) {
    if (noticed.length === enough) break;
    const answer = await crew.ask({ kind: 'play', id, sabotage: check });
    if (answer?.notice === 'noticed') noticed.push(id);
    else
      others.push(
        `${id} (${answer?.notice ?? 'no answer'}${answer?.notice === 'unknown' ? `: ${firstLine(answer)}` : ''})`,
      );
  }
  tell(check, { noticed, others, candidates: candidates.length });
  return { noticed };
}

function firstLine({ verdict }) {
  return verdict.reason.split('\n', 1)[0];
}

function tell(check, { noticed, others, candidates }) {
  const head =
    noticed.length > 0 ? noticed.join(', ') : candidates === 0 ? 'NOBODY: it fails in no scenario' : 'NOBODY';
  const rest = others.map((other) => `    passed over by ${other}\n`).join('');
  process.stdout.write(`${check}: ${head}\n${rest}`);
}

function writePage(checks, found) {
  const [head = ''] = readFileSync(page, 'utf8').split(mark);
  const lines = checks.map((check, index) => {
    const { noticed } = found[index];
    const who = noticed.length === 0 ? 'nobody yet' : noticed.map((id) => `\`${id}\``).join(', ');
    return `- \`${check}\`: ${who}`;
  });
  writeFileSync(page, `${head}${mark}\n\n${lines.join('\n')}\n`);
}
