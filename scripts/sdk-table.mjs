#!/usr/bin/env node
// Runs the tests with clients that are not part of this project, and writes the results into docs/sdks.md, with date and versions. Ends
// with 1 if a test failed; the table then has the failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedVersion, sdkClients } from './sdk/sdk-clients.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = ['test/sdk', 'test/clients', 'test/mocks/listeners/amqp/proton'];
const credentials = ['key', 'group key', 'certificate', 'group certificate', 'TPM', 'policy'];
const [begin, end] = ['<!-- begin: npm run generate -->', '<!-- end -->'];

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-sdk-table-'));
const tally = join(folder, 'tally.json');
try {
  const words = [
    'vitest',
    'run',
    ...tests,
    '--reporter=default',
    `--reporter=${join(root, 'scripts', 'sdk', 'sdk-tally.mjs')}`,
  ];
  // If `CI` is set, a missing client is a failure. Otherwise its tests would be skipped, and the table would have a gap.
  const env = { ...process.env, CI: '1', REHEARSAL_SDK_TALLY: tally };
  const { status } = spawnSync('npx', words, { cwd: root, stdio: 'inherit', env });
  process.exitCode = status === 0 ? 0 : 1;
  const page = join(root, 'docs', 'sdks.md');
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const [, after] = rest.split(end);
  writeFileSync(page, `${before}${begin}\n${table(JSON.parse(readFileSync(tally, 'utf8')))}\n${end}${after}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function table(counted) {
  const unknown = counted.find(({ client }) => !sdkClients.some(({ name }) => name === client));
  if (unknown !== undefined) throw new Error(`scripts/sdk/sdk-clients.mjs has no client "${unknown.client}"`);
  const passed = counted.filter((test) => test.passed).length;
  const lines = sdkClients.flatMap((client) =>
    linesOf(
      client,
      counted.filter(({ client: name }) => name === client.name),
    ),
  );
  return [
    `Run on ${new Date().toISOString().slice(0, 10)}, by Node ${process.versions.node}: ${passed} of ${counted.length} tests passed.`,
    '',
    `| client | package | transport | ${credentials.join(' | ')} |`,
    `|---|---|---|${'---|'.repeat(credentials.length)}`,
    ...lines,
  ].join('\n');
}

function linesOf(client, tests) {
  const version = installedVersion(root, client) ?? debianVersion(client.package);
  const transports = [...new Set(tests.map(({ transport }) => transport))];
  return transports.map((transport) => {
    const cells = credentials.map((credential) => {
      const cell = tests.filter((test) => test.transport === transport && test.credential === credential);
      return cell.length === 0 ? '' : `${cell.filter((test) => test.passed).length} of ${cell.length}`;
    });
    return `| ${client.name} | \`${client.package}\` ${version} (${client.registry}) | ${transport} | ${cells.join(' | ')} |`;
  });
}

function debianVersion(name) {
  return execFileSync('dpkg-query', ['--show', '--showformat=${Version}', name], { encoding: 'utf8' });
}
