import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
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
