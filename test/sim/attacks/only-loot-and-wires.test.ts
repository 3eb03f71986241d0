import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { attackerIn } from '../../../sim/world/attacker/attacker-in.ts';
import { createWorld } from '../../../sim/world/world.ts';

const root = join(import.meta.dirname, '../../..');

const inside = ['cloud/cloud.ts', 'cloud/faults.ts', 'cloud/snapshot.ts', 'history/history.ts', 'wire/enrollment.ts'];
const engine = [
  'world/world.ts',
  'world/attacker/open-wires.ts',
  'devices/attempt.ts',
  'key-stores/index.ts',
  'secrets/secrets-ledger.ts',
  'steps/define-step.ts',
  'tpm/tpm.ts',
  'pki/authority.ts',
];
const typesOnly = [
  'devices/flash.ts',
  'devices/tpm-chip.ts',
  'key-stores/key-store.ts',
  'transports/dps-connection.ts',
];
const open = ['../core/wire/sas.ts', 'scenario/words/words.ts'];

/** Imports that the test writes into files of the attacker code, each with a path below `sim/`. */
const probes: readonly { readonly path: string; readonly how: 'type' | 'value'; readonly accepted: boolean }[] = [
  ...engine.map((path) => ({ path, how: 'type' as const, accepted: false })),
  ...inside.map((path) => ({ path: `../core/${path}`, how: 'type' as const, accepted: false })),
  ...typesOnly.map((path) => ({ path, how: 'type' as const, accepted: true })),
  ...typesOnly.map((path) => ({ path, how: 'value' as const, accepted: false })),
  ...open.map((path) => ({ path, how: 'value' as const, accepted: true })),
];
const places = [
  { folder: 'sim/attacks', up: '../' },
  { folder: 'sim/attacks/steps', up: '../../' },
];

/** Writes a file for each import, and returns the files that the lint rules of this repository refuse. */
async function lintProbes(): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-imports-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const { folder: place, up } of places) {
      mkdirSync(join(folder, place), { recursive: true });
      for (const [index, { path, how }] of probes.entries()) {
        const statement = `import ${how === 'type' ? 'type ' : ''}{ Named } from '${up}${path}';`;
        writeFileSync(
          join(folder, place, `probe-${index}.ts`),
          `${statement}\nexport const used: Named | undefined = undefined;\n`,
        );
      }
    }
    const run = promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json', 'sim'], {
      cwd: folder,
    });
    const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
    const { diagnostics } = JSON.parse(stdout) as {
      readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
    };
    return new Set(
      diagnostics.flatMap(({ code, filename }) => (code === 'eslint(no-restricted-imports)' ? [filename] : [])),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let refused: ReadonlySet<string>;

beforeAll(async () => {
  refused = await lintProbes();
});

test.each(
  probes.flatMap(({ path, how, accepted }, index) =>
    places.map(({ folder }) => ({ folder, path, how, accepted, file: `${folder}/probe-${index}.ts` })),
  ),
)('the linter decides if code in $folder may import a $how from sim/$path: $accepted', ({ file, accepted }) => {
  expect(!refused.has(file)).toBe(accepted);
});

test('a simulated attacker gets no reference to the objects for world, cloud, devices, network or history', async () => {
  const loaded = loadScenarios(
    'test.yaml',
    'title: t\ndevices: { it: { attestation: x509 } }\ntimeline: [{ power-on: it, expect: { refused: credential-present } }]\n',
    { steps, topics: [] },
  );
  const [scenario] = loaded.ok ? loaded.scenarios : [];
  if (scenario === undefined) throw new Error(loaded.ok ? 'no scenario' : loaded.mistakes[0]?.message);
  const { world, close } = await createWorld(scenario, 'test', startCloud, 'skip');
  try {
    const seen = new Set<unknown>();
    const walk = (value: unknown): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
      seen.add(value);
      for (const inner of Object.values(value)) walk(inner);
    };
    const attacker = attackerIn(world);
    walk(attacker);
    expect(seen).toContain(attacker.wires);
    const { cloud, devices, network, history, factory, pki, attack } = world;
    const reachable = [world, cloud, cloud.operator, devices, devices.byName, ...devices.byName.values()];
    for (const hidden of [...reachable, network, history, factory, factory.secrets, pki, attack]) {
      expect(seen.has(hidden)).toBe(false);
    }
  } finally {
    await close();
  }
});
