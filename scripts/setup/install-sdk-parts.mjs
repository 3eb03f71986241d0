import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../check/run-quietly.mjs';
import { missingSdkParts, stampOf } from '../sdk/sdk-parts.mjs';

/** With a fast registry a part takes seconds. The limit is long enough for a slow registry. */
const downloadLimitMs = 300_000;

/** Installs missing parts in parallel. Returns a sentence for each part that could not be installed. */
export async function installSdkParts(root, isForTests, say) {
  const problems = await Promise.all(
    missingSdkParts(root, isForTests).map(async (part) => {
      say(`Installing ${part.what} ...`);
      const problem = await make(root, part);
      if (problem === undefined) return [];
      return [`${part.what} could not be installed: ${problem}`];
    }),
  );
  return problems.flat();
}

async function make(root, part) {
  const folder = join(root, part.folder);
  // Removes the folder first, so that an interrupted installation does not look complete.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const words of commands[part.name](root, folder)) {
    const { failure, output } = await runQuietly(words, root, downloadLimitMs);
    if (failure !== undefined) return `\`${words.join(' ')}\` ${failure}.\n${output}`.trim();
  }
  const { file, digest } = stampOf(root, part);
  writeFileSync(file, digest);
  return undefined;
}

const commands = {
  python: (root, folder) => [
    ['python3', '-m', 'venv', folder],
    [
      join(folder, 'bin', 'python'),
      ...[
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--no-input',
        '--no-deps',
        '--require-hashes',
      ],
      ...['-r', join(root, 'test', 'sdk', 'python', 'requirements.txt')],
    ],
  ],
  node: (root, folder) => [
    ...['package.json', 'package-lock.json'].map((name) => ['cp', join(root, 'test', 'node-versions', name), folder]),
    ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder],
  ],
  java: (root, folder) => [
    [
      'mvn',
      ...[
        '--quiet',
        '--batch-mode',
        '--file',
        join(root, 'test', 'sdk', 'java', 'pom.xml'),
        `-Dbuild.folder=${folder}`,
      ],
      ...['compiler:compile', 'dependency:copy-dependencies'],
    ],
  ],
};
