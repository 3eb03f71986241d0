import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { installedVersion, pinnedVersion, sdkClients } from '../../scripts/sdk/sdk-clients.mjs';

const root = dirname(dirname(import.meta.dirname));
const pinnedClients = sdkClients.filter(({ registry }) => registry !== 'Debian');
const page = readFileSync(join(root, 'docs', 'sdks.md'), 'utf8');
/**
 * The lines of the table. Their cells are the client, its package with version and registry, the transport, and a result for each
 * credential.
 */
const lines = page.split('\n').flatMap((line) => {
  const cells = line.split(' | ').map((cell) => cell.replace(/^\| /, '').replace(/ ?\|$/, '').trim());
  const client = sdkClients.find(({ name }) => name === cells[0]);
  return client === undefined ? [] : [{ client, version: cells[1], counts: cells.slice(3) }];
});

test.each(pinnedClients)(
  'the table in `docs/sdks.md` has the pinned version of $package ($name); if not, run `npm run generate -- --only sdks`',
  (client) => {
    const versions = lines.filter((line) => line.client.name === client.name).map(({ version }) => version);
    expect(versions.length).toBeGreaterThan(0);
    const pinned = `\`${client.package}\` ${pinnedVersion(root, client)} (${client.registry})`;
    expect([...new Set(versions)]).toEqual([pinned]);
  },
);

test.each(pinnedClients)(
  'the installed version of $package is the pinned version; if not, run `node scripts/setup.mjs --test`',
  (client) => {
    const installed = installedVersion(root, client);
    // If a package is not installed, the tests of the package are skipped, and in CI they fail. So this test passes.
    if (installed !== undefined) expect(installed).toBe(pinnedVersion(root, client));
  },
);

test('every test that the table of `docs/sdks.md` counts has passed', () => {
  const cells = lines.flatMap(({ counts }) => counts).filter((cell) => cell !== '');
  expect(cells.length).toBeGreaterThan(0);
  for (const cell of cells) {
    const [, passed, run] = /^(\d+) of (\d+)$/.exec(cell) ?? [];
    expect(`${passed}`).toBe(`${run}`);
  }
});
