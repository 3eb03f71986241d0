import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { helpText } from '../../cli/help-text.ts';
import { program } from '../../cli/main.ts';

const root = program();

test.each(root.commands.map((command) => [command.name(), command] as const))(
  'the help of rehearse %s has examples, exit codes, environment variables and a page that exists',
  (name, command) => {
    let text = '';
    command.configureOutput({ writeOut: (words) => (text += words) });
    command.outputHelp();
    expect(text).toMatch(new RegExp(`\nExamples:\n {2}rehearse ${name}`));
    expect(text).toMatch(/\nExit codes:\n {2}0 {2}/);
    expect(text).toContain('NO_COLOR');
    const page = /\nDocumentation: (\S+) in the package\n/.exec(text)?.[1] ?? '';
    expect(existsSync(page)).toBe(true);
    for (const line of text.split('\n').filter((one) => one.startsWith(`  rehearse ${name} `))) {
      for (const [option] of line.matchAll(/--[\w-]+/g)) {
        const known = [command, ...command.commands].flatMap(({ options }) => options.map(({ long }) => long));
        expect(known).toContain(option);
      }
    }
  },
);

test.each(root.commands.map((command) => command.name()))(
  'the help of %s lists exit codes that commands use',
  (name) => {
    const listed = [...helpText(name).matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(expect.arrayContaining([exitCodes.asExpected, exitCodes.mistake, exitCodes.inconclusive]));
    for (const code of listed) {
      // A run that a signal ended exits with 128 plus the number of the signal.
      expect([...Object.values(exitCodes), 129]).toContain(code);
    }
  },
);

test('the help of a command lists exit code 4 only if the command compares with a baseline', () => {
  for (const command of root.commands) {
    const compares = command.name() === 'compare' || command.options.some(({ long }) => long === '--baseline');
    expect(/^ {2}4 /m.test(helpText(command.name())), command.name()).toBe(compares);
  }
});

test('the help names every environment variable that the command line reads', () => {
  const files = readdirSync('cli', { recursive: true, encoding: 'utf8' }).filter((file) => /\.(ts|mjs)$/.test(file));
  const sources = files
    .filter((file) => file !== 'help-text.ts')
    .map((file) => readFileSync(join('cli', file), 'utf8'));
  const read = new Set(
    sources.flatMap((text) => [...text.matchAll(/env\['([A-Z_]+)'\]/g)].map(([, name = '']) => name)),
  );
  expect(read.size).toBeGreaterThan(5);
  const help = root.commands.map((command) => helpText(command.name())).join('\n');
  // The system, package managers or WSL set these variables.
  for (const name of ['PATH', 'TERM', 'WSL_DISTRO_NAME']) read.delete(name);
  for (const name of read) expect(help, name).toMatch(new RegExp(`\\b${name}\\b`));
});
