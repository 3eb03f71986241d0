#!/usr/bin/env node
// Runs `rehearse conform` with the clients of test/conformance/clients, and writes their results: the verdicts into
// test/conformance/scores, and the table of docs/sdks.md. Name clients to run only some of them: npm run conformance-table -- node-sdk-mqtt
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conformanceClients } from './sdk/conformance-clients.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scores = join(root, 'test', 'conformance', 'scores');
const [begin, end] = ['<!-- begin: npm run conformance-table -->', '<!-- end: conformance-table -->'];
const wanted = process.argv.slice(2);

for (const client of conformanceClients) {
  if (wanted.length > 0 && !wanted.includes(client.id)) continue;
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-conformance-'));
  try {
    const file = join(folder, 'report.json');
    const words = ['conform', '--workers', '5', '--name', client.name, '--reporter', `json:${file}`];
    if (client.without.length > 0) words.push('--without', client.without.join(','));
    if (client.only !== undefined) words.push('--only', client.only.join(','));
    for (const name of Object.keys(client.env)) words.push('--env', name);
    const { status } = spawnSync('node', ['cli/rehearse.mjs', ...words, '--', ...client.command], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...client.env },
    });
    if (status !== 0 && status !== 1) throw new Error(`rehearse conform ended with exit code ${status}`);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const verdicts = Object.fromEntries(report.results.map(({ id, verdict }) => [id, verdict]));
    const results = report.results.map(({ id, group, level, verdict }) => ({ id, group, level, verdict }));
    writeFileSync(
      join(scores, `${client.id}.json`),
      `${JSON.stringify({ format: 1, client: client.name, at: report.at.slice(0, 10), results }, null, 2)}\n`,
    );
    process.stdout.write(`${client.id}: ${Object.values(verdicts).filter((each) => each === 'pass').length} passed\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const page = join(root, 'docs', 'sdks.md');
const [before, rest] = readFileSync(page, 'utf8').split(begin);
writeFileSync(page, `${before}${begin}\n${table()}\n${end}${rest.split(end)[1]}`);

function table() {
  const files = readdirSync(scores).filter((name) => name.endsWith('.json'));
  const reports = conformanceClients.flatMap(({ id }) =>
    files.includes(`${id}.json`) ? [JSON.parse(readFileSync(join(scores, `${id}.json`), 'utf8'))] : [],
  );
  const rows = reports.map(({ client, at, results }) => {
    const of = (isMeant) => results.filter(isMeant);
    const failed = (level) => of((each) => each.verdict === 'fail' && each.level === level).map(({ id }) => id);
    const passed = of(({ verdict }) => verdict === 'pass').length;
    const counted = passed + of(({ verdict }) => verdict === 'fail').length;
    const cells = [
      client,
      `${passed} of ${counted}`,
      failed('must').join(' ') || '–',
      failed('should').join(' ') || '–',
      at,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| client | passed | failed *must* | failed *should* | date |', '|---|---|---|---|---|', ...rows].join('\n');
}
