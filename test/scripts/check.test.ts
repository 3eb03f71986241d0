import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const scripts = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'scripts');

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const goodSummary = { total: 4, passed: 4, failed: 0, skipped: 0, unknown: 0 };
const good = { complete: true, troubles: [], scenarios: [], summary: goodSummary };
const skipped = {
  ...good,
  summary: { ...goodSummary, passed: 3, skipped: 1 },
  scenarios: [{ id: 'chip', verdict: 'skipped', reason: 'swtpm is not on the PATH' }],
};

describe('`npm test`', () => {
  test('runs all checks, and its last line has the sum of their results', async () => {
    const checkout = makeCheckout();
    const { code, last, printed } = await checkout.check();
    expect({ code, last }).toEqual({ code: 0, last: '24 passed, 0 failed' });
    const headings = printed.split('\n').filter((line) => line.startsWith('---'));
    const names = [
      'types',
      'page-types',
      'lint',
      'format',
      'dead-code',
      'licences',
      'folders',
      'language',
      'results',
      'unit',
      'scenarios',
      'browser',
      'alone',
      'clients',
    ];
    // The checks of one stage run in parallel, and each check is reported when it ends.
    expect(new Set(headings.map((line) => line.split(':')[0]))).toEqual(new Set(names.map((name) => `--- ${name}`)));
  });

  test('runs the remaining checks after a check fails, and shows the output of the failed check', async () => {
    const checkout = makeCheckout();
    checkout.stub('tsc', 'echo a.ts: wrong; exit 2');
    checkout.stub('knip', 'echo unseen');
    const { code, last, printed } = await checkout.check();
    expect({ code, last }).toEqual({ code: 1, last: '22 passed, 2 failed' });
    expect(printed).toContain('--- types: tsc --noEmit\na.ts: wrong\ntypes: tsc ended with code 2\ntypes: FAILED in ');
    expect(printed).not.toContain('unseen');
  });

  test('reports a check as failed if its program is not installed', async () => {
    const checkout = makeCheckout();
    rmSync(join(checkout.folder, 'node_modules/.bin/knip'));
    const { code, last } = await checkout.check([], { PATH: '/nowhere' });
    expect({ code, last }).toEqual({ code: 1, last: '23 passed, 1 failed' });
  });
});

describe('`npm test`, with parallel checks', () => {
  /** A shell command that waits until a file exists, at most 20 seconds. */
  const awaiting = (file: string): string =>
    `n=0; until [ -e ${file} ] || [ $n -ge 400 ]; do sleep 0.05; n=$((n+1)); done`;

  test('runs unit tests, scenarios and browser tests at the same time, and prints the output of each as a whole', async () => {
    const checkout = makeCheckout();
    const counts = tallying({ passed: 3, failed: 0, skipped: [] });
    // The unit tests begin before the browser tests, and end when `npm test` has seen the end of their process.
    const browserEnds = `${awaiting('browser-pid')}; while kill -0 "$(cat browser-pid)" 2>/dev/null; do sleep 0.05; done`;
    checkout.stub('vitest', `echo unit begins; touch began; ${browserEnds}; echo unit ends; ${counts}`);
    checkout.stub(
      'playwright',
      `${awaiting('began')}; echo a page; ${tallying({ passed: 2, failed: 0, skipped: [] })}; echo $$ > pid; mv pid browser-pid`,
    );
    const { code, last, printed } = await checkout.check(['--only', 'unit,scenarios,browser']);
    expect({ code, last }).toEqual({ code: 0, last: '9 passed, 0 failed' });
    expect(printed).toMatch(/\n--- unit: [^\n]*\nunit begins\nunit ends\nunit: passed in [\d.]+ s\n/);
    expect(printed).toMatch(/\n--- browser: [^\n]*\na page\nbrowser: passed in [\d.]+ s\n/);
    expect(printed.indexOf('--- browser')).toBeLessThan(printed.indexOf('--- unit'));
    expect(printed).toContain('running: unit, scenarios\n');
  });

  test('starts the tests that need the whole computer after all other tests have ended, even if some have failed', async () => {
    const checkout = makeCheckout();
    const counts = tallying({ passed: 3, failed: 0, skipped: [] });
    const isLast = '[ -e browser-ended ] && [ -e rehearsal-report/results.json ] && [ -e unit-ended ]';
    checkout.stub(
      'vitest',
      `case "$*" in *alone*) ${isLast} || exit 1; ${counts};; *) touch unit-ended; exit 1;; esac`,
    );
    checkout.stub('playwright', `touch browser-ended; ${tallying({ passed: 2, failed: 0, skipped: [] })}`);
    const outcome = await checkout.check(['--only', 'alone,unit,scenarios,browser']);
    expect(outcome).toMatchObject({ code: 1, last: '9 passed, 1 failed' });
    expect(outcome.printed).toContain('unit: FAILED in ');
    expect(outcome.printed).toContain('alone: passed in ');
  });

  test('prints the output of a check while it runs, if no other check can run at the same time', async () => {
    const checkout = makeCheckout();
    checkout.stub('vitest', `echo a test; ${tallying({ passed: 3, failed: 0, skipped: [] })}`);
    const { printed } = await checkout.check(['--only', 'unit']);
    expect(printed).toMatch(/^\n--- unit: [^\n]*\na test\nunit: passed in /);
    expect(printed).not.toContain('running:');
  });
});

describe('`npm test`, for the unit tests', () => {
  test.each([
    [
      'prints the counts of the test reporter',
      tallying({ passed: 7, failed: 0, skipped: [] }),
      0,
      '7 passed, 0 failed',
    ],
    ['fails if a test fails', `${tallying({ passed: 7, failed: 2, skipped: [] })}; exit 1`, 1, '7 passed, 2 failed'],
    ['fails without the counts of the test reporter', 'exit 0', 1, '0 passed, 1 failed'],
    ['fails if the counts are truncated', `echo '{"pass' > "$REHEARSAL_TALLY"`, 1, '0 passed, 1 failed'],
    ['fails if no test ran', tallying({ passed: 0, failed: 0, skipped: [] }), 1, '0 passed, 1 failed'],
    [
      'fails if vitest fails although no test failed',
      `${tallying({ passed: 7, failed: 0, skipped: [] })}; exit 1`,
      1,
      '7 passed, 1 failed',
    ],
  ])('%s', async (_, vitest, code, last) => {
    const checkout = makeCheckout();
    checkout.stub('vitest', vitest);
    expect(await checkout.check(['--only', 'unit'])).toMatchObject({ code, last });
  });

  test('lists skipped tests with their reasons, and fails in CI because of them', async () => {
    const checkout = makeCheckout();
    const one = { name: 'tpm.test.ts > a key', reason: 'swtpm is not on the PATH' };
    checkout.stub('vitest', tallying({ passed: 7, failed: 0, skipped: [one] }));
    const atDesk = await checkout.check(['--only', 'unit']);
    expect(atDesk).toMatchObject({ code: 0, last: '7 passed, 0 failed, 1 skipped' });
    expect(atDesk.printed).toContain('\nSkipped:\n  tpm.test.ts > a key: swtpm is not on the PATH\n');
    const inCi = await checkout.check(['--only', 'unit'], { CI: '1' });
    expect(inCi).toMatchObject({ code: 1, last: '7 passed, 1 failed' });
    expect(inCi.printed).toContain(
      '\nSkipped tests, which count as failed in CI:\n  tpm.test.ts > a key: swtpm is not on the PATH\n',
    );
  });
});

describe('`npm test`, for the scenarios', () => {
  const summary = goodSummary;
  test.each<[string, object, number, number, string]>([
    ['all passed', good, 0, 0, '4 passed, 0 failed'],
    ['one failed', { ...good, summary: { ...summary, passed: 3, failed: 1 } }, 1, 1, '3 passed, 1 failed'],
    [
      'one has the verdict unknown',
      { ...good, summary: { ...summary, passed: 3, unknown: 1 } },
      3,
      1,
      '3 passed, 1 failed',
    ],
    ['no scenario was run', { ...good, summary: { ...summary, total: 0, passed: 0 } }, 0, 1, '0 passed, 1 failed'],
    ['one is in no count', { ...good, summary: { ...summary, passed: 3 } }, 0, 1, '3 passed, 1 failed'],
    ['the run was cut off', { ...good, complete: false }, 3, 1, '4 passed, 1 failed'],
    ['the results report a crash', { ...good, troubles: ['a crash'] }, 3, 1, '4 passed, 1 failed'],
    ['the exit code disagrees', good, 1, 1, '4 passed, 1 failed'],
    ['one was skipped', skipped, 3, 0, '3 passed, 0 failed, 1 skipped'],
  ])('counts a run correctly in the case "%s"', async (_, results, exitCode, code, last) => {
    const checkout = makeCheckout();
    checkout.rehearse(results, exitCode);
    expect(await checkout.check(['--only', 'scenarios'])).toMatchObject({ code, last });
  });

  test('lists a skipped scenario with its reason, and fails in CI because of it', async () => {
    const checkout = makeCheckout();
    checkout.rehearse(skipped, 3);
    const { code, last, printed } = await checkout.check(['--only', 'scenarios'], { CI: '1' });
    expect({ code, last }).toEqual({ code: 1, last: '3 passed, 1 failed' });
    expect(printed).toContain('\nSkipped tests, which count as failed in CI:\n  chip: swtpm is not on the PATH\n');
  });

  test('fails if the guide is stale, and shows the first line that differs', async () => {
    const checkout = makeCheckout();
    checkout.write('docs/guide.md', '# Guide\n\nwrong\n');
    const { code, last, printed } = await checkout.check(['--only', 'scenarios']);
    expect({ code, last }).toEqual({ code: 1, last: '4 passed, 1 failed' });
    expect(printed).toContain('docs/guide.md is stale: run `npm run generate -- --only guide`. Line 3:\n');
    expect(printed).toContain('  docs/guide.md  wrong\n  this run       well\n');
  });

  test('fails if `docs/attacks.md` is stale', async () => {
    const checkout = makeCheckout();
    checkout.write('docs/attacks.md', '# Guide\n\nwrong\n');
    const { code, printed } = await checkout.check(['--only', 'scenarios']);
    expect(code).toBe(1);
    expect(printed).toContain('  docs/attacks.md  wrong\n  this run         well\n');
  });

  test('fails if the guide is missing', async () => {
    const checkout = makeCheckout();
    rmSync(join(checkout.folder, 'docs/guide.md'));
    const { code, printed } = await checkout.check(['--only', 'scenarios']);
    expect(code).toBe(1);
    expect(printed).toContain('  docs/guide.md  cannot be read: ENOENT');
  });

  test('does not compare the guide after an inconclusive scenario run', async () => {
    const checkout = makeCheckout();
    checkout.rehearse(skipped, 3);
    checkout.write('docs/guide.md', '');
    expect(await checkout.check(['--only', 'scenarios'])).toMatchObject({ code: 0 });
  });

  test('reports a report page that is too large', async () => {
    const checkout = makeCheckout();
    checkout.rehearse(good, 0);
    checkout.write('rehearsal-report/report.html', 'x'.repeat(2_499_999));
    expect(await checkout.check(['--only', 'scenarios'])).toMatchObject({ code: 0 });
    checkout.write('rehearsal-report/report.html', 'x'.repeat(2_500_000));
    const { code, printed } = await checkout.check(['--only', 'scenarios']);
    expect(code).toBe(1);
    expect(printed).toContain('report.html has 2500000 bytes, expected less than 2500000');
  });

  test('ignores the results of an earlier run', async () => {
    const checkout = makeCheckout();
    checkout.write('rehearsal-report/results.json', JSON.stringify(good));
    checkout.write('cli/rehearse.mjs', '');
    expect(await checkout.check(['--only', 'scenarios'])).toMatchObject({ code: 1, last: '0 passed, 1 failed' });
  });
});

describe('`npm test` with arguments', () => {
  test('runs only the named checks with `--only`', async () => {
    const checkout = makeCheckout();
    expect(await checkout.check(['--only', 'types,lint'])).toMatchObject({ code: 0, last: '2 passed, 0 failed' });
  });

  test('runs no check with `--list`', async () => {
    const { code, printed } = await makeCheckout().check(['--list']);
    expect(code).toBe(0);
    expect(printed).toMatchInlineSnapshot(`
      "types      tsc --noEmit
      page-types tsc --noEmit -p reports/html/page
      lint       oxlint --type-aware --deny-warnings
      format     oxfmt --check .
      dead-code  knip
      licences   node scripts/licences.mjs
      folders    node scripts/folders.mjs
      language   node scripts/language.mjs
      results    node scripts/result-contract.mjs
      unit       vitest run --update=none --project together
      scenarios  node cli/rehearse.mjs run --reporter terminal
      browser    playwright test -c test/browser
      alone      vitest run --update=none --project alone
      clients    vitest run --update=none --project clients
      "
    `);
  });

  test.each([
    [
      ['--only', 'typos'],
      'check: unknown check "typos"; the checks are types, page-types, lint, format, dead-code, licences, folders, language, results, unit, scenarios, browser, alone, clients\n',
    ],
    [['--onyl', 'types'], "check: Unknown option '--onyl'"],
    [['types'], "check: Unexpected argument 'types'"],
  ])('refuses %s', async (words, sentence) => {
    const { code, printed } = await makeCheckout().check(words);
    expect(code).toBe(2);
    expect(printed).toContain(sentence);
  });
});

test('the vitest reporter counts tests, the reasons of skipped tests, and failures outside tests', async () => {
  const checkout = makeCheckout();
  const { root, vitest } = { root: dirname(scripts), vitest: 'node_modules/vitest/vitest.mjs' };
  checkout.stub(
    'vitest',
    // Drops the arguments that select a project, because this configuration has no projects.
    `shift 4; exec "${process.execPath}" "${join(root, vitest)}" run --update=none --root "${checkout.folder}" "$@"`,
  );
  checkout.write('vitest.config.mjs', `export default { test: { include: ['*.sample.mjs'], globals: true } };`);
  checkout.write('loads-not.sample.mjs', `throw new Error('on purpose');`);
  checkout.write(
    'lets-escape.sample.mjs',
    `test('passes, and an error escapes', async () => {
       setTimeout(() => { throw new Error('on purpose'); }, 0);
       await new Promise((done) => setTimeout(done, 20));
     });`,
  );
  checkout.write(
    'mixed.sample.mjs',
    `test('passes', () => {});
     test('fails', () => { throw new Error('on purpose'); });
     test('has no snapshot yet', () => expect('').toMatchSnapshot());
     test('skips', ({ skip }) => skip('no chip'));
     test.skip('skips in silence', () => {});
     test.todo('is to do');
     describe('a hook fails', () => { beforeAll(() => { throw new Error('on purpose'); }); test('never runs', () => {}); });`,
  );
  const { code, printed, last } = await checkout.check(['--only', 'unit']);
  expect({ code, last }).toEqual({ code: 1, last: '2 passed, 5 failed, 4 skipped' });
  expect(printed).toContain('  mixed.sample.mjs > skips: no chip\n');
  expect(printed).toContain('  mixed.sample.mjs > a hook fails > never runs: no reason given\n');
  const failures = printed.slice(printed.indexOf('\nFailed:\n'));
  expect(failures.trim().split('\n').slice(1, -2).toSorted()).toEqual([
    '  unit: an error outside the tests: on purpose',
    '  unit: loads-not.sample.mjs: on purpose',
    '  unit: mixed.sample.mjs > a hook fails: on purpose',
    '  unit: mixed.sample.mjs > fails: on purpose',
    expect.stringContaining('  unit: mixed.sample.mjs > has no snapshot yet: '),
  ]);
});

test('the Playwright reporter counts tests, the reasons of skipped tests, and failures outside tests', async () => {
  const checkout = makeCheckout();
  const { root, playwright } = { root: dirname(scripts), playwright: 'node_modules/@playwright/test/cli.js' };
  checkout.stub('playwright', `shift 3; exec "${process.execPath}" "${join(root, playwright)}" test -c samples "$@"`);
  const tools = JSON.stringify(join(root, 'node_modules/@playwright/test/index.mjs'));
  checkout.write('samples/playwright.config.mjs', `export default { testMatch: '*.sample.mjs', workers: 1 };`);
  checkout.write('samples/loads-not.sample.mjs', `throw new Error('on purpose');`);
  checkout.write(
    'samples/mixed.sample.mjs',
    `import { test } from ${tools};
     test('passes', () => {});
     test('fails', () => { throw new Error('on purpose'); });
     test('skips', () => { test.skip(true, 'no browser'); });
     test.skip('skips in silence', () => {});
     test.describe('a hook fails', () => { test.beforeAll(() => { throw new Error('on purpose'); }); test('never runs', () => {}); });`,
  );
  const broken = await checkout.check(['--only', 'browser']);
  expect(broken).toMatchObject({ code: 1 });
  expect(broken.last).toMatch(/^0 passed, [1-9]/);
  rmSync(join(checkout.folder, 'samples/loads-not.sample.mjs'));
  const { code, printed, last } = await checkout.check(['--only', 'browser']);
  expect({ code, last }).toEqual({ code: 1, last: '1 passed, 2 failed, 2 skipped' });
  expect(printed).toContain('mixed.sample.mjs > skips: no browser\n');
  expect(printed).toContain('mixed.sample.mjs > fails: Error: on purpose\n');
  expect(printed).toContain('mixed.sample.mjs > a hook fails > never runs: Error: on purpose\n');
});

test('the end of the output names each failed scenario and each failed check of the files, with its reason', async () => {
  const checkout = makeCheckout();
  const scenarios = [
    { id: 'chip', verdict: 'fail', reason: 'assigned: false\nand more' },
    { id: 'key', verdict: 'unknown', reason: 'swtpm crashed' },
    { id: 'good', verdict: 'pass', reason: 'as expected' },
  ];
  checkout.rehearse({ ...good, summary: { ...goodSummary, passed: 2, failed: 1, unknown: 1 }, scenarios }, 1);
  checkout.stub('tsc', 'exit 2');
  const { printed } = await checkout.check(['--only', 'types,scenarios']);
  expect(printed).toContain(
    '\nFailed:\n  types: tsc ended with code 2\n  scenarios: chip: assigned: false\n  scenarios: key: swtpm crashed\n\n2 passed, 3 failed\n',
  );
});

test('if no browser is installed, the browser tests are skipped, and in CI they fail', async () => {
  const checkout = makeCheckout();
  const one = { name: 'report.spec.ts > opens', reason: 'chromium is not on the PATH' };
  checkout.stub('playwright', tallying({ passed: 0, failed: 0, skipped: [one] }));
  const words = ['--only', 'browser'];
  expect(await checkout.check(words)).toMatchObject({ code: 0, last: '0 passed, 0 failed, 1 skipped' });
  expect(await checkout.check(words, { CI: '1' })).toMatchObject({ code: 1, last: '0 passed, 1 failed' });
});

/** Returns a shell command that writes the same file as the vitest reporter of this repository. */
function tallying(tally: object): string {
  return `echo '${JSON.stringify({ failures: [], ...tally })}' > "$REHEARSAL_TALLY"`;
}

/** Creates a checkout in which every check passes: 9 static checks, twice 3 unit tests, 2 browser tests and 4 scenarios. */
function makeCheckout() {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-checkout-'));
  folders.push(folder);
  writeFileSync(join(folder, 'package-lock.json'), '{ "packages": {} }');
  cpSync(scripts, join(folder, 'scripts'), { recursive: true });
  // These checks read the files of a repository, so a stub replaces them here.
  for (const name of ['folders', 'language', 'result-contract'])
    writeFileSync(join(folder, 'scripts', `${name}.mjs`), '');
  for (const name of ['node_modules/.bin', 'rehearsal-report', 'cli', 'samples', 'docs'])
    mkdirSync(join(folder, name), { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const stub = (name: string, script: string): void => {
    write(`node_modules/.bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'node_modules/.bin', name), 0o755);
  };
  const rehearse = (results: object, exitCode: number): void => {
    const text = JSON.stringify(JSON.stringify(results));
    write(
      'cli/rehearse.mjs',
      `import { writeFileSync } from 'node:fs';
       writeFileSync('rehearsal-report/results.json', ${text});
       process.exit(${exitCode});`,
    );
  };
  for (const page of ['guide.md', 'attacks.md'])
    for (const name of [`docs/${page}`, `rehearsal-report/${page}`]) write(name, '# Guide\n\nwell\n');
  for (const name of ['tsc', 'oxlint', 'oxfmt', 'knip']) stub(name, '');
  stub('vitest', tallying({ passed: 3, failed: 0, skipped: [] }));
  stub('playwright', tallying({ passed: 2, failed: 0, skipped: [] }));
  rehearse(good, 0);
  return {
    folder,
    write,
    stub,
    rehearse,
    check: (words: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) => check(folder, words, variables),
  };
}

function check(folder: string, words: readonly string[], variables: NodeJS.ProcessEnv) {
  return new Promise<{ code: number | null; last: string | undefined; printed: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'scripts/check.mjs'), ...words], {
      env: { PATH: process.env['PATH'], ...variables },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (printed += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, printed, last: printed.trimEnd().split('\n').at(-1) }));
  });
}
