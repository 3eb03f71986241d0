import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../cli/package-root.ts';
import { ownCommand } from '../../../cli/process/own-command.ts';
import { runWarm } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

describe('the rehearse command in printed messages', () => {
  test('begins with npx and the name of the package, because another author owns the name rehearse at npm', async () => {
    const { name, bin }: { name: string; bin: Record<string, string> } = JSON.parse(
      readFileSync(join(packageRoot, 'package.json'), 'utf8'),
    );
    expect(bin[name]).toBe('./cli/rehearse.mjs');
    const { stdout } = await runWarm({ 'a.yaml': sampleScenarios.passes }, ['run', 'a.yaml']);
    expect(stdout).toContain(`re-run: npx ${name} run a.yaml --seed `);
  });

  test('is the path of the script in a checkout, because npx does not find the package there', () => {
    // Tests run in the folder of the package.
    expect(ownCommand()).toEqual(['node', 'cli/rehearse.mjs']);
  });
});
