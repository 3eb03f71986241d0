import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findingsIn } from '../../scripts/language/findings-in.mjs';
import { rules } from '../../scripts/language/rules.mjs';

/**
 * A forbidden and a permitted sentence for each rule, in the order of scripts/language/rules.mjs. Each forbidden sentence consists of
 * two parts, so that the check does not find it in this file.
 */
const samples: readonly (readonly [string, string])[] = [
  [`The key is known to no${'body'}.`, 'The key is known to no party.'],
  [`Then ${'he'} tries the key.`, 'Then the attacker tries the key.'],
  [`The list is short. ${'Who'} asks gets all of it.`, 'The list is short. A client that asks gets all of it.'],
  [`${'Whether'} the key is there.`, 'Returns true if the key exists.'],
  [`The default is used where ${'absent'}.`, 'If omitted, the default is used.'],
  [`The file stays as ${'it was'}.`, 'The file stays unchanged.'],
  [`The report says what ${'came'} of it.`, 'The report has the result.'],
  [`Each lab has a folder of ${'its own'}.`, 'Each lab has its own folder.'],
  [`The mock has three ${'doors'}.`, 'The mock has three listeners.'],
  [`A ${'stranger'} calls the service.`, 'An unknown client calls the service.'],
  [`The code is in the ${'drawer'}.`, 'The code is in the secret location.'],
  [`Every ${'deed'} is recorded.`, 'Every action is recorded.'],
  [`The operator reads the ${'books'}.`, 'The operator reads the service log.'],
  [`The device shows its ${'papers'}.`, 'The device shows its documents.'],
  [`The service says ${'no'}.`, 'The service rejects it.'],
  [`Three scenarios ${'passed'} over it.`, 'Three scenarios did not detect it.'],
  [`A duration with ${'a minus'} is refused.`, 'A negative duration is refused.'],
  [`The ${'over'}built units are sold.`, 'The surplus units are sold.'],
  [`Run the suite so ${'often'}.`, 'Run the suite N times.'],
  [`The ${'conductor'} pauses the play.`, 'The run controller pauses the play.'],
  [`A guest takes the ${'seat'}.`, 'A guest uses the attacker console.'],
  [`A model ${'stands'} in for the chip.`, 'A model replaces the chip.'],
  [`The attack hurts ${'1'} devices.`, 'The attack hurts 1 device.'],
];

const commentWith = (text: string): string => `/** ${text} */\nexport const sample = 1;\n`;

describe('the language check', () => {
  test('has a sample for each rule', () => {
    expect(samples).toHaveLength(rules.length);
  });

  test.each(samples.map(([bad, good], index) => [index, bad, good] as const))(
    'rule %i refuses "%s" and accepts "%s"',
    (index, bad, good) => {
      const advice = findingsIn('sample.ts', commentWith(bad)).map((finding) => finding.advice);
      expect(advice).toContain(rules[index]?.advice);
      expect(findingsIn('sample.ts', commentWith(good))).toEqual([]);
    },
  );

  const word = `no${'body'}`;

  test.each([
    ['a line comment', 'a.ts', `const a = 1;\n// one\n// ${word} is here\n`, 3],
    ['a block comment', 'a.ts', `\n/**\n * One.\n *\n * For ${word}.\n */\nconst a = 1;\n`, 5],
    ['a string', 'a.ts', `const a = 1;\nconst b = 'there is ${word} here';\n`, 2],
    ['a template', 'a.ts', `const b = \`first line\nthere is ${word} \${b}\`;\n`, 2],
    ['text between tags', 'a.tsx', `const a = (\n  <p>\n    There is ${word} here.\n  </p>\n);\n`, 3],
    ['Markdown', 'a.md', `# Title\n\n\`\`\`sh\ncode\n\`\`\`\n\nThere is ${word}.\n`, 7],
    ['a YAML value', 'a.yaml', `title: Short\nstory: There is ${word} here\n`, 2],
    ['a YAML comment', 'a.yaml', `title: Short\n# for ${word}\n`, 2],
  ])('finds a forbidden word in %s, and gives its line', (_place, file, source, line) => {
    expect(findingsIn(file, source)).toEqual([{ line, found: word, advice: rules[0]?.advice }]);
  });

  test.each([
    ['a code span in a comment', 'a.ts', `// the word \`${word}\` is a user name\n`],
    ['a code span in Markdown', 'a.md', `The user \`${word}\` has no rights.\n`],
    ['a fenced block', 'a.md', `Run this:\n\n\`\`\`sh\nsu ${word} -c id\n\`\`\`\n`],
    ['a link target', 'a.md', `[the page](https://example.com/${word})\n`],
    ['an identifier', 'a.ts', `const ${word} = 1;\nexport { ${word} };\n`],
    ['a string that is no sentence', 'a.ts', `const user = '${word}';\n`],
    ['a YAML key and a short value', 'a.yaml', `${word}: ${word}\n`],
  ])('does not check %s', (_place, file, source) => {
    expect(findingsIn(file, source)).toEqual([]);
  });

  test('prints file, line and rule, and ends with exit code 1', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rehearsal-language-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'good.md'), 'A page.\n');
    writeFileSync(join(folder, 'bad.md'), `A page.\n\nFor ${word}.\n`);
    const check = (...paths: readonly string[]) => {
      try {
        return { code: 0, stdout: execFileSync('node', [script, ...paths], { cwd: folder, encoding: 'utf8' }) };
      } catch (error) {
        const { status, stdout } = error as { readonly status: number; readonly stdout: string };
        return { code: status, stdout };
      }
    };
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    execFileSync('git', ['add', '.'], { cwd: folder });
    expect(check('good.md')).toEqual({ code: 0, stdout: '' });
    expect(check()).toEqual({
      code: 1,
      stdout: `bad.md:3: "${word}": ${rules[0]?.advice}\n1 finding; docs/style.md has the rules\n`,
    });
  });
});

const script = resolve('scripts/language.mjs');
