import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtProgram } from '../built-program.ts';
import { hsmMissing } from '../sim/key-stores/parts-present.ts';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { otherNode, sdkPartMissing } from '../sdk/network/sdk-part.ts';

const root = join(import.meta.dirname, '..', '..');
const files = ['attestation/x509-ca-chain', 'attestation/tpm', 'attestation/every-wire', 'keys/symmetric-key-in-hsm'];

/** A program that runs shipped scenarios and prints a line for each: the verdict and a digest of the normalised history. */
const program = `
  import { createHash } from 'node:crypto';
  import { readFileSync } from 'node:fs';
  import { normaliseHistory } from './core/history/normalise-history.ts';
  import { startCloud } from './mocks/start-cloud.ts';
  import { playScenario } from './sim/play/play-scenario.ts';
  import { loadScenarios } from './sim/scenario/load.ts';
  import { vocabulary } from './cli/files/load-files.ts';
  for (const file of ${JSON.stringify(files)}) {
    const path = 'scenarios/' + file + '.yaml';
    const loaded = loadScenarios(path, readFileSync(path, 'utf8'), vocabulary());
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
    for (const scenario of loaded.scenarios) {
      const run = await playScenario(scenario, { seed: 'one', startCloud, versions: { rehearsal: 'test', node: 'any' } });
      const digest = createHash('sha256').update(normaliseHistory(run.history)).digest('hex');
      console.log(run.id, run.verdict.kind, digest);
    }
  }
`;

async function linesOf(node: string, path: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(node, [path], { cwd: root, timeout: 50_000 });
  return stdout.trim().split('\n');
}

/** Each package with another Node version contains a program for Linux on x64 only, so these tests need this platform. */
const elsewhere = process.platform !== 'linux' || process.arch !== 'x64';

test.skipIf(elsewhere || (sdkPartMissing('node') ?? swtpmMissing ?? hsmMissing) !== undefined)(
  'one seed gives the same verdicts and histories on Node 22, on Node 24 and on the Node version of this test',
  async () => {
    const path = await builtProgram(program);
    const nodes = [process.execPath, otherNode(22), otherNode(24)];
    const [here, ...others] = await Promise.all(nodes.map((node) => linesOf(node, path)));
    expect(here?.length).toBeGreaterThan(10);
    expect(here?.filter((line) => !line.includes(' pass '))).toEqual([]);
    expect(others).toEqual([here, here]);
  },
);
