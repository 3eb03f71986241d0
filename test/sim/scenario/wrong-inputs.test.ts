import { describe, expect, test } from 'vitest';
import { codeFrame } from '../../../sim/scenario/mistakes/code-frame.ts';
import { attacks } from '../../../sim/attacks/catalogue.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

// Wrong inputs from public reports and from new users (docs/field-tests.md, D17 and D19). For each input, the loader gives one message with
// its position, the cause and what to do.

/** Returns every mistake of a text as `line:column message`. */
function mistakesIn(text: string): readonly string[] {
  const loaded = loadScenarios('bad.yaml', text, {
    steps,
    topics: ['x509-validity'],
    attacks: attacks.map(({ id }) => id),
  });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** Returns the text of a valid scenario in which `parts` replace some lines. */
function scenario(parts: { readonly head?: string; readonly steps?: string; readonly expect?: string } = {}): string {
  return [
    'title: A sensor starts',
    parts.head ?? 'tags: [a]',
    'devices: { sensor: { attestation: x509 } }',
    'timeline:',
    parts.steps ?? '  - issue-certificate: { device: sensor, from: ca }',
    '  - power-on: sensor',
    `    expect: ${parts.expect ?? '{ refused: true }'}`,
    '',
  ].join('\n');
}

const pki = 'pki: { ca: { validity: P20Y } }';

test('the valid scenario from which this file derives its wrong inputs has no mistakes', () => {
  expect(mistakesIn(scenario({ head: pki }))).toEqual([]);
});

describe('a date outside the calendar', () => {
  const issue = (validity: string): string =>
    scenario({
      head: pki,
      steps: `  - issue-certificate: { device: sensor, from: ca, validity: ${validity} }`,
    });
  test.each<[string, string, string]>([
    ['a validity of a million years', issue('P1000000Y'), '5:62 expected a duration of at most 8000 years'],
    ['a validity that ends after 9999', issue('P7990Y'), '5:62 a certificate cannot be valid after 9999-12-31'],
    [
      'a validity that only a later step takes past 9999',
      scenario({
        head: pki,
        steps:
          '  - package: sensor\n    after: P7000Y\n  - issue-certificate: { device: sensor, from: ca, validity: P2000Y }',
      }),
      '7:62 a certificate cannot be valid after 9999-12-31',
    ],
    ['a CA that is valid for 9000 years', scenario({ head: 'pki: { ca: { validity: P9000Y } }' }), '2:24 expected a'],
    [
      'a CA that is valid until after 9999',
      scenario({ head: 'pki: { ca: { validity: P7980Y } }' }),
      '2:24 a certificate cannot be',
    ],
    [
      'a vendor whose certificates are valid until after 9999',
      scenario({ head: 'pki: { ca: { kind: third-party, leafValidity: P7980Y } }' }),
      '2:47 a certificate cannot be',
    ],
    [
      'a renewal whose certificates are valid until after 9999',
      `title: x\n${pki}\ndevices:\n  s: { attestation: x509, renewal: { from: ca, validity: P7980Y } }\ntimeline:\n  - power-on: s\n    expect: { refused: true }`,
      '4:58 a certificate cannot be',
    ],
    [
      'a wait of 300,000 years',
      scenario({ head: pki, steps: '  - package: sensor\n    after: P300000Y' }),
      '6:12 expected a duration of at most 8000 years',
    ],
    [
      'waits that together end after 9899',
      scenario({
        head: pki,
        steps: '  - package: sensor\n    after: P7000Y\n  - package: sensor\n    after: P1000Y',
      }),
      '8:12 virtual time ends with the year 9899',
    ],
    [
      'a time in the field that ends after 9899',
      scenario({
        head: pki,
        steps: '  - package: sensor\n    after: P7000Y\n  - run-in-field: { device: sensor, for: P1000Y }',
      }),
      '7:19 virtual time ends with the year 9899',
    ],
    [
      'a pause between retries of 300,000 years',
      `title: x\n${pki}\ndevices:\n  s: { attestation: x509, renewal: { from: ca, retry: P300000Y } }\ntimeline:\n  - power-on: s\n    expect: { refused: true }`,
      '4:55 expected a duration of at most 8000 years',
    ],
    [
      'a `within` limit of 300,000 years',
      scenario({ head: pki, expect: '{ refused: true, within: P300000Y }' }),
      '7:38 expected a duration of at most 8000 years',
    ],
    [
      'a start before 1950',
      scenario({ head: `${pki}\nstart: 0001-01-05T08:00:00Z` }),
      '3:8 expected an instant from the years 1950 to 9899',
    ],
    [
      'a start after 9899',
      scenario({ head: `${pki}\nstart: 9950-01-05T08:00:00Z` }),
      '3:8 expected an instant from the years 1950 to 9899',
    ],
    [
      'a validity that the clock of a station takes past 9999',
      scenario({
        head: `${pki}\nstations: { desk: { clockOffset: P7000Y } }`,
        steps: '  - issue-certificate: { device: sensor, from: ca, validity: P1000Y }\n    at: desk',
      }),
      '6:62 a certificate cannot be valid after 9999-12-31',
    ],
    [
      'a station clock that shows a time before 1950',
      scenario({ head: `${pki}\nstations: { desk: { clockOffset: -P100Y } }` }),
      '3:34 the clock would show a time outside of the years 1950 to 9999',
    ],
    [
      'a station clock that is 300,000 years fast',
      scenario({ head: `${pki}\nstations: { desk: { clockOffset: P300000Y } }` }),
      '3:34 expected a duration of at most 8000 years',
    ],
    [
      'a token that is valid for 300,000 years',
      'title: x\ndevices: { s: { attestation: symmetricKey, tokenLifetime: P300000Y } }\ntimeline:\n  - power-on: s\n    expect: { refused: true }',
      '2:59 expected a duration of at most 8000 years',
    ],
    [
      'a clock that drifts without bounds',
      'title: x\ndevices: { s: { attestation: symmetricKey, clockDrift: 1e300 } }\ntimeline:\n  - power-on: s\n    expect: { refused: true }',
      '2:56 expected at most 1000000',
    ],
  ])('%s is a mistake at its line', (_what, text, message) => {
    const told = mistakesIn(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });
});

describe('a value that contradicts the scenario is a mistake', () => {
  test.each<[string, string, string]>([
    [
      'a negative validity',
      scenario({ head: pki, steps: '  - issue-certificate: { device: sensor, from: ca, validity: -P1D }' }),
      '5:62 expected a duration longer than zero, such as P90D, found "-P1D"',
    ],
    [
      'a validity of zero',
      scenario({ head: pki, steps: '  - issue-certificate: { device: sensor, from: ca, validity: PT0S }' }),
      '5:62 expected a duration longer than zero, such as P90D, found "PT0S"',
    ],
    [
      'a CA that is never valid',
      scenario({ head: 'pki: { ca: { validity: PT0S } }' }),
      '2:24 expected a duration longer than zero, such as P90D, found "PT0S"',
    ],
    [
      'a negative duration',
      scenario({ head: `${pki}\ncloud: { assignment: -PT4S }` }),
      '3:22 this duration must not be negative; expected a duration such as P11M, found "-PT4S"',
    ],
    [
      'an outage that ends before it begins',
      scenario({
        head: 'pki:\n  ca: { kind: third-party, outage: { from: 2026-03-01T00:00:00Z, to: 2026-02-01T00:00:00Z } }',
      }),
      '3:70 "to" must be later than "from", found "2026-02-01T00:00:00Z"',
    ],
    [
      'a fault that ends before it begins',
      scenario({
        head: `${pki}\ncloud:\n  faults: [{ drop: true, from: 2026-03-01T00:00:00Z, to: 2026-03-01T00:00:00Z }]`,
      }),
      '4:58 "to" must be later than "from", found "2026-03-01T00:00:00Z"',
    ],
    [
      'the same hub twice',
      scenario({ head: `${pki}\ncloud: { hubs: [hub-eu, hub-us, HUB-EU] }` }),
      '3:33 "HUB-EU" is in this list twice; remove one of them',
    ],
    [
      'the same hub twice, once with settings',
      scenario({ head: `${pki}\ncloud: { hubs: [hub-eu, { name: hub-eu, weight: 2 }] }` }),
      '3:25 "hub-eu" is in this list twice; remove one of them',
    ],
    [
      'the same tag twice',
      scenario({ head: `${pki}\ntags: [a, b, a]` }),
      '3:14 "a" is in this list twice; remove one of them',
    ],
    [
      'the same root twice',
      scenario({ head: `${pki}\ncloud: { serverRoots: [one, one] }` }),
      '3:29 "one" is in this list twice; remove one of them',
    ],
    [
      'the same hub twice in a step',
      scenario({
        head: `${pki}\ncloud: { enrollmentGroups: { g: { x509: { ca: ca } } } }`,
        steps: '  - change-hubs: { group: g, hubs: [hub-eu, hub-eu] }',
      }),
      '6:45 "hub-eu" is in this list twice; remove one of them',
    ],
  ])('%s', (_what, text, message) => {
    expect(mistakesIn(text)).toEqual([message]);
  });
});

describe('a name that JavaScript objects inherit', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'is refused as the name of a device: %s',
    (name) => {
      const text = `title: x\ndevices: { ${name}: { attestation: symmetricKey } }\ntimeline:\n  - power-on: ${name}\n    expect: { refused: true }\n`;
      const told = mistakesIn(text);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^2:12 .*cannot be used; choose another name/);
    },
  );

  test('is refused as a property of a step', () => {
    expect(mistakesIn(scenario({ head: pki, steps: '  - package: { device: sensor, constructor: x }' }))[0]).toContain(
      '5:32 unknown word "constructor" in package',
    );
  });

  test('is refused, and so is an empty name', () => {
    expect(
      mistakesIn(
        'title: x\ndevices: { "": { attestation: x509 } }\ntimeline:\n  - power-on: ""\n    expect: { refused: true }',
      )[0],
    ).toBe('2:12 a word is missing before the colon');
  });
});

describe('YAML with another meaning than its author expects is a mistake', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a tab as indentation',
      'title: x\ndevices:\n\ts: 1\n\tt: 2\n',
      ['3:1 a tab is used to indent; replace the tabs of the file by spaces'],
    ],
    [
      'a step that is indented too far',
      'timeline:\n  - power-on: d\n      after: P1D\n',
      ['3:7 this line is indented too far (column 7); a word on the level of the line above starts in column 5'],
    ],
    [
      'a word that is indented too little',
      'timeline:\n  - power-on: d\n   after: P1D\n',
      [
        '3:4 this line is indented by 3 spaces, which matches no line above it; words of the same object start in the same column',
      ],
    ],
    [
      'a dash in another column',
      'timeline:\n  - enroll: d\n    - power-on: d\n',
      ['3:5 the "-" of this line is in another column than the "-" of the lines above; put them into the same column'],
    ],
    ['a title with a colon', 'title: T: what\n', ['1:8 a text with ": " in it needs quotes: "T: what"']],
    [
      'a step without colon',
      'timeline:\n  - power-on\n    after: P1D\n',
      ['2:5 a colon is missing after "power-on"; write "power-on: …"'],
    ],
    ['a word without colon', 'title x\ndevices: {}\n', ['1:1 a colon is missing after "title"; write "title: …"']],
    ['a colon without a space after it', 'title: x\nseed:1\n', ['2:1 a space is missing after the colon: "seed: 1"']],
    [
      'a colon without a space before braces',
      'title: x\ndevices:\n  d:{ attestation: x509 }\n',
      ['3:3 a space is missing after the colon: "d: { attestation …"'],
    ],
    ['a colon that is missing in brackets', 'a: { b 1, c: 2 }\n', ['1:6 a colon is missing after "b"; write "b: …"']],
    [
      'a quote that is never closed',
      'title: "abc\ndevices: {}\n',
      ['1:8 the text that starts with " here is never closed; add " at its end'],
    ],
    [
      'a quote inside of quotes',
      "title: 'it's'\n",
      [
        `1:12 there is text after the closing quote; inside single quotes write '' for a quote, inside double quotes write \\"`,
      ],
    ],
    [
      'a bracket that is never closed',
      'a: { b: 1\nc: 2\n',
      ['1:4 the bracket that opens here is not closed; add "}" at its end'],
    ],
    [
      'an unneeded comma',
      'a: { b: 1,, c: 2 }\n',
      ['1:11 there is a comma too many, or a value is missing before the comma'],
    ],
    ['a missing comma', 'a: { b: 1 c: 2 }\n', ['1:9 a comma is missing after this value; write { a: 1, b: 2 }']],
    [
      'the same key twice in a map',
      'a: 1\nb: 2\na: 3\n',
      ['3:1 the word "a" occurs twice in this map; keep one of them'],
    ],
    [
      'two documents',
      'title: x\n---\ntitle: y\n',
      ['2:1 a second document starts here ("---"); put it into a separate file'],
    ],
    [
      'an alias without anchor',
      'title: x\nseed: &seed 1\nstory: *sed\n',
      ['3:8 the alias *sed has no anchor &sed before it; did you mean "seed"?'],
    ],
    ['a merge key', 'x: &x { a: 1 }\ny:\n  <<: *x\n', ['3:3 merge keys (<<) are not supported; repeat the words here']],
    [
      'a no-break space as indentation',
      'devices:\n\u00a0\u00a0b: 1\n',
      ['2:1 this word contains a no-break space (U+00A0); replace it by an ordinary space or remove it'],
    ],
    [
      'a no-break space after a colon',
      'timeline:\n  - power-on:\u00a0d\n',
      ['2:14 found a no-break space (U+00A0); replace it by an ordinary space'],
    ],
    [
      'a no-break space after a dash',
      'timeline:\n  -\u00a0power-on: d\n    after: P1D\n',
      ['2:4 found a no-break space (U+00A0); replace it by an ordinary space'],
    ],
    [
      'a NUL in a title',
      'title: a\0b\ndevices: {}\n',
      ['1:9 found a NUL character (U+0000), a control character; remove it'],
    ],
    [
      'line ends of old Macs',
      'title: a\rdevices: {}\r',
      ['1:9 found a carriage return without a line feed (U+000D), a control character; remove it'],
    ],
    ['a placeholder without quotes in brackets', 'a: { b: ${x} }\n', ['1:9 a placeholder needs quotes here: "${x}"']],
    [
      'lists in brackets that are nested too deep',
      `a: ${'['.repeat(20_000)}`,
      ['1:104 this is nested more than 100 levels deep; use fewer levels'],
    ],
    [
      'lists with dashes that are nested too deep',
      `a:\n${'- '.repeat(20_000)}x`,
      ['2:201 this is nested more than 100 levels deep; use fewer levels'],
    ],
    [
      'a tag for a JavaScript type',
      'a: !!js/function x\n',
      ['1:4 the tag "!!js/function" is not supported; remove it, or put a text that starts with "!" into quotes'],
    ],
    ['a text that starts with @', 'a: @x\n', ['1:4 a text cannot start with "@"; put it into quotes']],
  ];
  test.each(cases)('%s', (_what, text, expected) => {
    expect(mistakesIn(text)).toEqual(expected);
  });

  test('but an unusual space inside a text is accepted', () => {
    expect(mistakesIn(scenario({ head: `${pki}\nstory: "3\u00a0% of 5\u202f000"` }))).toEqual([]);
  });

  test('a control character that is written as an escape', () => {
    expect(mistakesIn(scenario({ head: `${pki}\nstory: "a\\0b"` }))).toEqual([
      '3:8 character 2 of this text is the control character U+0000; remove it, found "a\\u0000b"',
    ]);
  });

  test('aliases that are nested too deep', () => {
    const lines = Array.from({ length: 400 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`);
    expect(mistakesIn(`a0: &a0 x\n${lines.join('\n')}`)[0]).toMatch(/^1:1 (its aliases are nested|the aliases repeat)/);
  });

  test('more aliases than the loader resolves', () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `a${at}: *x`);
    expect(mistakesIn(`x: &x 1\n${lines.join('\n')}`)).toEqual([
      '1001:7 more than 1000 aliases in one file; write the values out, or use a matrix',
    ]);
  });
});

describe('a wrong word is reported with a suggestion, with the command that lists all words, or with both', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a misspelt word of the head',
      scenario({ head: pki }).replace('timeline:', 'timline:'),
      ['4:1 unknown word "timline" in a scenario; did you mean "timeline"?'],
    ],
    [
      'a part of the name of a check',
      scenario({ head: pki, expect: '{ refused: token-signature }' }),
      [
        '7:24 unknown check "token-signature"; did you mean "token-signature-matches"? `rehearse list checks` shows all',
      ],
    ],
    [
      'a name that resembles no check',
      scenario({ head: pki, expect: '{ refused: wrong }' }),
      ['7:24 unknown check "wrong"; `rehearse list checks` shows all'],
    ],
    [
      'a misspelt check in `caught`',
      scenario({ head: pki, expect: '{ caught: { certificate-valid: 1 } }' }),
      [
        '7:25 unknown check "certificate-valid"; did you mean "certificate-valid-now"? `rehearse list checks` shows all',
      ],
    ],
    [
      'a word in `expect` with a similar meaning',
      scenario({ head: pki, expect: '{ accepted: true }' }),
      ['7:15 unknown word "accepted" in expect; did you mean "assigned"?'],
    ],
    [
      'an unknown attack',
      scenario({ head: `${pki}\nattack: leaked-key` }),
      [
        '3:9 unknown attack "leaked-key"; did you mean "leaked-group-key" or "leaked-shared-key"? `rehearse list attacks` shows all',
      ],
    ],
    [
      'an unknown signal',
      scenario({ head: pki, expect: '{ signals: [unknown-names] }' }),
      ['7:25 unknown signal "unknown-names"; did you mean "many-unknown-names"? `rehearse list signals` shows all'],
    ],
    [
      'an unknown step',
      scenario({ head: pki, steps: '  - reboot: sensor' }),
      ['5:5 unknown step "reboot"; `rehearse list steps` shows all'],
    ],
    [
      'an unknown topic',
      scenario({ head: `${pki}\ncovers: [validity]` }),
      ['3:10 unknown topic "validity"; did you mean "x509-validity"? `rehearse list topics` shows all'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(mistakesIn(text)).toEqual(expected);
  });

  test('and a placeholder in place of a word is explained', () => {
    const text = scenario({ head: `${pki}\nmatrix: [{ outcome: refused }]`, expect: '{ "${outcome}": true }' });
    expect(mistakesIn(text)).toEqual([
      '8:15 ${outcome} is used as a word, but a placeholder can only replace a value; write for instance "expect: "${outcome}"" and give the whole value in the matrix',
    ]);
  });
});

test('the code frame of a very long line shows only the part around the mistake', () => {
  const text = `a: ${'['.repeat(20_000)}`;
  const frame = codeFrame(text, { line: 1, column: 5000 });
  const [row = '', caret = ''] = frame.split('\n');
  expect(row).toBe(`> 1 | …${'['.repeat(200)}…`);
  expect(caret).toBe(`    | ${' '.repeat(121)}^`);
  expect(codeFrame('title: x', { line: 1, column: 8 })).toBe('> 1 | title: x\n    |        ^');
});

test('a matrix with too many variants is refused', () => {
  const entries = Array.from({ length: 10_000 }, (_, at) => `  - { v: P${at + 1}D }`);
  const text = scenario({
    head: `${pki}\nmatrix:\n${entries.join('\n')}`,
    expect: '{ refused: true, within: "${v}" }',
  });
  expect(mistakesIn(text)).toEqual([
    '4:3 the matrix has 10000 entries, and a file can have at most 1000; split the file',
  ]);
});
