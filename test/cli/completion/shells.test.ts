import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { completionScripts } from '../../../cli/completion/shells.ts';
import { sampleScenarios } from '../sample-scenarios.ts';
import { command, runInline } from '../run-inline.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Makes a project in which `rehearse` is a replacement: it answers completion requests as the real command does, and prints the arguments
 * of any other call.
 */
beforeAll(() => {
  const script = `#!/bin/sh
[ "$1" = complete ] && exec "${process.execPath}" "${command}" "$@"
printf GOT; for word in "$@"; do printf '<%s>' "$word"; done; echo
`;
  for (const path of ['bin/rehearse', 'node_modules/.bin/dps-rehearsal', 'bin/npx']) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), path === 'bin/npx' ? '#!/bin/sh\nexec rehearse "$@"\n' : script);
    chmodSync(join(folder, path), 0o755);
  }
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  writeFileSync(join(folder, 'first.yaml'), sampleScenarios.differs);
  writeFileSync(join(folder, 'two words.yml'), sampleScenarios.passes);
  writeFileSync(join(folder, 'notes.txt'), '');
  for (const [shell, text] of Object.entries(completionScripts)) writeFileSync(join(folder, `c.${shell}`), text);
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
  HOME: folder,
  TERM: 'dumb',
  PS1: 'ready> ',
});

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

const shells = {
  bash: { start: 'bash --norc --noprofile -i', load: 'source ./c.bash' },
  zsh: { start: 'zsh -f -i', load: 'autoload -Uz compinit; compinit -D; source ./c.zsh' },
} as const;

/** Types lines into an interactive shell, each with Tab at its end, and returns the words that the command then received. */
async function typed(shell: keyof typeof shells, lines: readonly string[]): Promise<readonly string[]> {
  const terminal = spawn('script', ['-qec', shells[shell].start, '/dev/null'], { cwd: folder, env: env() });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  terminal.setMaxListeners(0);
  let text = '';
  terminal.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        terminal.stdout.off('data', look);
        resolve();
      };
      terminal.stdout.on('data', look);
      terminal.once('close', () => reject(new Error(`the shell ended without ${pattern.source}:\n${text}`)));
      look();
    });
  await printed(/ready> /);
  terminal.stdin.write(`${shells[shell].load}; echo LOAD''ED\n`);
  await printed(/LOADED[^]*ready> /);
  const received: string[] = [];
  for (const line of lines) {
    text = '';
    terminal.stdin.write(`${line}\t`);
    // The shell adds at least one character behind the typed line: the rest of the word, or a blank.
    await printed(new RegExp(`${line.replaceAll(/[.*+?^$()[\]{}|\\/]/g, '\\$&')}[^\\r\\n]`));
    terminal.stdin.write('\n');
    await printed(/GOT.*\r?\n/);
    received.push(/GOT(.*?)\r?\n/.exec(text)?.[1] ?? '');
  }
  terminal.stdin.end('exit\n');
  return received;
}

describe.each(['bash', 'zsh'] as const)('in the shell %s, the Tab key', (shell) => {
  test('completes commands, options, choices, checks and files, also after npx', async ({ skip }) => {
    skip(!isInstalled(shell), `${shell} is not on the PATH`);
    const received = await typed(shell, [
      'rehearse exp',
      'rehearse report --as=ma',
      'rehearse run --sabotage certificate-v',
      'rehearse run fi',
      'rehearse run tw',
      'rehearse run --reporter junit:not',
      'rehearse explain first#wr',
      'npx dps-rehearsal stu',
    ]);
    expect(received).toEqual([
      '<explain>',
      '<report><--as=markdown>',
      '<run><--sabotage><certificate-valid-now>',
      '<run><first.yaml>',
      '<run><two words.yml>',
      '<run><--reporter><junit:notes.txt>',
      '<explain><first#wrong>',
      '<dps-rehearsal><studio>',
    ]);
  });
});

test.for<readonly [string, readonly string[]]>([
  ['rehearse exp', ['explain']],
  ['rehearse report --as=ma', ['--as=markdown']],
  ['rehearse run ', ['first.yaml', 'two words.yml', 'bin/', 'node_modules/']],
  ['rehearse run --reporter junit:not', ['junit:notes.txt']],
  ['rehearse explain first#wr', ['first#wrong']],
  ['npx dps-rehearsal stu', ['studio']],
])('fish completes "%s"', ([line, expected], { skip }) => {
  skip(!isInstalled('fish'), 'fish is not on the PATH');
  const words = ['--no-config', '-c', `source ./c.fish; complete -C '${line}'`];
  const { stdout } = spawnSync('fish', words, { cwd: folder, env: env(), encoding: 'utf8', timeout: 30_000 });
  const found = stdout.split('\n').flatMap((row) => (row === '' ? [] : [row.split('\t')[0] ?? '']));
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('rehearse completion prints the script of a known shell, and refuses another shell', async () => {
  const { exitCode, stdout, stderr, folder: own } = await runInline({}, ['completion', 'bash']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(completionScripts.bash);
  expect(own).not.toBe('');
  const other = await runInline({}, ['completion', 'tcsh']);
  expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Allowed choices are bash, zsh, fish') });
});
