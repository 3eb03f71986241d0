import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCloud } from '../../mocks/start-cloud.ts';
import { fromHostileStep } from '../../sim/steps/attack/from-hostile-step.ts';
import type { StepKind } from '../../sim/steps/define-step.ts';
import { steps } from '../../sim/steps/index.ts';
import { loadScenarios } from '../../sim/scenario/load.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';

const page = readFileSync('docs/adding-a-step.md', 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);

mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync(join('node_modules', '.cache', 'adding-a-step-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads a code block of the page as the file that the page tells the reader to create, and returns its export. */
async function exported(code: string, resolveDir: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const file = join(folder, `block-${blocks('ts').indexOf(code)}.mjs`);
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  const [only] = Object.values((await import(pathToFileURL(file).href)) as object);
  return only;
}

describe('the step that `docs/adding-a-step.md` describes', () => {
  const [firstScenario = '', lastScenario = ''] = blocks('yaml');
  const labels: StepKind[] = [];
  let useLabel: StepKind | undefined;

  beforeAll(async () => {
    const code = blocks('ts');
    for (const block of code.slice(0, -1)) labels.push((await exported(block, 'sim/steps/factory')) as StepKind);
    const attack = await exported(code.at(-1) ?? '', 'sim/attacks/steps');
    useLabel = fromHostileStep(attack as Parameters<typeof fromHostileStep>[0]);
  });

  const verdicts = async (text: string, own: readonly StepKind[]): Promise<readonly (readonly [string, string])[]> => {
    const loaded = loadScenarios('label.yaml', text, { steps: [...steps, ...own], topics: [] });
    if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
    const runs = [];
    for (const scenario of loaded.scenarios) {
      const settings = { seed: 'label', startCloud, versions: { rehearsal: 'test', node: process.version } };
      const { verdict, variant } = await playScenario(scenario, settings);
      runs.push([variant, verdict.kind === 'pass' ? 'pass' : `${verdict.kind}: ${verdict.reason}`] as const);
    }
    return runs;
  };

  test.each([0, 1, 2])('works in the first scenario of the page, after stage %i of the page', async (stage) => {
    const label = labels[stage];
    expect(label?.name).toBe('print-label');
    expect(await verdicts(firstScenario, label === undefined ? [] : [label])).toEqual([['', 'pass']]);
  });

  test('accepts the argument `copies` after the second stage of the page', async () => {
    const text = firstScenario.replace('print-label: gauge', 'print-label: { device: gauge, copies: 2 }');
    expect(text).not.toBe(firstScenario);
    expect(await verdicts(text, labels.slice(1, 2))).toEqual([['', 'pass']]);
  });

  test('needs an online station, leaves a copy of the key at the printer, and is omitted if the matrix gives `null`', async () => {
    const own = [...labels.slice(2), ...(useLabel === undefined ? [] : [useLabel])];
    expect(await verdicts(lastScenario, own)).toEqual([
      ['prints keys and is stolen', 'pass'],
      ['prints keys but is offline', 'pass'],
      ['prints no labels', 'pass'],
    ]);
  });
});
