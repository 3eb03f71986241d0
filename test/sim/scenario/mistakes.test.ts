import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

/** Returns every mistake of a text as `line:column message`. */
function mistakesIn(text: string): readonly string[] {
  const loaded = loadScenarios('bad.yaml', text, { steps, topics: ['x509-validity', 'warehouse-delay'] });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** Returns a scenario without mistakes in which the given parts are replaced. */
function good(parts: { readonly head?: string; readonly device?: string; readonly timeline?: string } = {}): string {
  return [
    'title: A sensor starts',
    ...(parts.head === undefined ? [] : [parts.head]),
    `devices: { sensor: ${parts.device ?? '{ attestation: symmetricKey }'} }`,
    'timeline:',
    ...(parts.timeline ?? '- power-on: sensor\n  expect: { refused: credential-present }')
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n');
}

describe('mistakes in a scenario file', () => {
  test('are not reported for a valid file', () => {
    expect(mistakesIn(good())).toEqual([]);
  });

  test('are all reported at once, each with its position and a suggestion', () => {
    const text = `titel: A scenario with everything wrong
covers: [x509-validty]
start: yesterday
pki:
  ca1: { issuer: ca2, validty: P5Y }
  ca2: { issuer: ca1 }
cloud: { hubs: [hub-eu], enrollmentGroups: { g: { x509: { ca: ca3 } } } }
devices:
  thermostat: { attestation: x505, count: 0 }
  gateway: { attestation: tpm, transport: mqtt }
matrix:
  - { v: P1X, unused: 3, o: { refused: certificate-valid-nw, foo: 1 } }
timeline:
  - issue-certificate: { device: thermostt, from: ca1, validity: "\${v}", valdity: 3 }
  - powr-on: thermostat
  - package: thermostat
    expect: { assigned: true }
    after: 3 days
  - power-on: thermostat
    register: thermostat
  - power-on: thermostat
    expect: "\${o}"
  - impersonate: { device: gateway, with: loot }
    expect: { assigned: hub-uk, refused: true }
  - power-on: 7
    expect: "\${nope}"`;
    expect(mistakesIn(text)).toMatchInlineSnapshot(`
      [
        "1:1 unknown word "titel" in a scenario; did you mean "title"?",
        "2:10 unknown topic "x509-validty"; did you mean "x509-validity"? \`rehearse list topics\` shows all",
        "3:8 expected an instant with a time zone, such as 2026-01-05T08:00:00Z, found "yesterday"",
        "5:18 "ca1" cannot be signed by a CA below it; choose another issuer",
        "5:23 unknown word "validty" in pki.ca1; did you mean "validity"?",
        "6:18 "ca2" cannot be signed by a CA below it; choose another issuer",
        "7:63 no CA is called "ca3"; did you mean "ca1"?",
        "9:30 expected x509 or tpm or symmetricKey, found "x505"; did you mean "x509"?",
        "9:43 expected at least 1, found 0",
        "10:43 TPM attestation is not available over MQTT; write \`transport: https\`, \`amqp\` or \`amqp-ws\`, found "mqtt"",
        "12:10 expected an ISO 8601 duration such as P11M, P90D or PT15M, found "P1X"",
        "12:15 matrix value \`unused\` is never used; remove it, or write "\${unused}" where it belongs",
        "12:40 unknown check "certificate-valid-nw"; did you mean "certificate-valid-now"? \`rehearse list checks\` shows all",
        "12:62 unknown word "foo" in expect; the words are assigned, refused, errorCode, hub, deviceId, substatus, telemetry, attempts, within, throttled, peak, done, signals, outOfDps, outOfHub, caught, shipped, scrapped, rejected, offTheBooks, overproduced, unaudited, scrappedButEnrolled, impersonated, hurt; \`rehearse list expect\` explains them",
        "14:34 no device is called "thermostt"; did you mean "thermostat"?",
        "14:74 unknown word "valdity" in issue-certificate; did you mean "validity"?",
        "15:5 unknown step "powr-on"; did you mean "power-on"? \`rehearse list steps\` shows all",
        "17:5 the step package has no result to check, so \`expect\` is not allowed here; it is allowed with produce, activate-certificate-authority, maker-enrolls, compare-ek-list, board-test, quality-check, enroll-from-list, reconcile-audit, power-on, register, connect, stay-connected, run-in-field, update-over-the-air, impersonate, send-request, log-in, visit-hub, ask-vendor, enroll-elsewhere, enroll-by-policy, blast-radius, replay-token, claim-endorsement-key, create-at-hub, drill, look-for-signals, and in each step with \`at\`",
        "18:12 expected an ISO 8601 duration such as P11M, P90D or PT15M (did you mean P3D?), found "3 days"",
        "20:5 "power-on" and "register" are two steps; write each as a list entry",
        "23:43 no loot of an earlier step is called "loot"; put a step with \`as: loot\` before this one",
        "24:13 a step cannot be both assigned and refused; remove one of them",
        "24:25 no hub is called "hub-uk"; did you mean "hub-eu"?",
        "25:15 expected text, found 7",
        "26:13 \${nope} has no value: the matrix entry "v=P1X, unused=3" does not define this word; add it to the entry",
      ]
    `);
  });

  test.each<[string, string, readonly string[]]>([
    ['an empty file', '', ['1:1 expected a scenario with title, devices and timeline, found null']],
    ['a list in place of a scenario', '- a', ['1:1 expected a scenario with title, devices and timeline, found ["a"]']],
    ['no timeline', 'title: x\ndevices: {}', ['1:1 the word "timeline" is missing']],
    [
      'an empty timeline',
      'title: x\ndevices: {}\ntimeline: []',
      ['3:11 the timeline has no step; add one, such as "- power-on: thermostat"'],
    ],
    [
      'a timeline without expectations',
      good({ timeline: '- power-on: sensor' }),
      ['4:3 no step has `expect`; add it to a step, since a scenario without expectations proves nothing'],
    ],
    [
      'a negative duration before a step',
      good({ timeline: '- power-on: sensor\n  after: -P1D\n  expect: { refused: true }' }),
      ['5:12 this duration must not be negative; expected a duration such as P11M, found "-P1D"'],
    ],
    [
      'an empty expectation',
      good({ timeline: '- power-on: sensor\n  expect: {}' }),
      ['5:13 expected at least one word, such as assigned or refused'],
    ],
    [
      'a matrix that is not a list',
      good({ head: 'matrix: 3' }),
      ['2:9 expected a list of entries such as "- { validity: P90D }", found 3'],
    ],
    [
      'the same property twice',
      good({ head: 'tags: [a]\ntags: [b]' }),
      ['3:1 the word "tags" occurs twice in this map; keep one of them'],
    ],
    [
      'two devices with one registration ID',
      good({ device: '{ attestation: symmetricKey }, twin: { attestation: x509, registrationId: SENSOR }' }),
      ['2:57 registration ID "SENSOR" is used by "sensor" too; give each device a different one'],
    ],
    [
      'a registration ID that is too long for a common name',
      good({ device: `{ attestation: x509, registrationId: ${'x'.repeat(65)} }` }),
      [
        `2:57 registration ID "${'x'.repeat(65)}" has 65 characters; the common name of a certificate has at most 64; shorten it`,
      ],
    ],
    [
      'a fleet whose numbers make its registration IDs too long',
      good({ device: `{ attestation: x509, count: 10, registrationId: ${'x'.repeat(62)} }` }),
      [
        `2:68 registration ID "${'x'.repeat(62)}-10" has 65 characters; the common name of a certificate has at most 64; shorten it`,
      ],
    ],
    [
      'a common name with too many characters',
      good({
        device: '{ attestation: x509 }',
        timeline: `- issue-certificate: { device: sensor, commonName: ${'x'.repeat(65)} }\n- power-on: sensor\n  expect: { refused: true }`,
      }),
      [`4:54 expected at most 64 characters, found "${'x'.repeat(65)}"`],
    ],
    [
      'the use of loot before the step that steals it',
      good({
        timeline:
          '- impersonate: { device: sensor, with: dump }\n  expect: { refused: true }\n- steal-key: { device: sensor, as: dump }',
      }),
      ['4:42 no loot of an earlier step is called "dump"; put a step with `as: dump` before this one'],
    ],
    [
      'TPM attestation with a key store that is not a TPM',
      good({ device: '{ attestation: tpm, keyStore: hsm }' }),
      ['2:50 `attestation: tpm` needs the keys of a TPM; write `keyStore: tpm` or remove `keyStore`, found "hsm"'],
    ],
    [
      'an unknown key store',
      good({ device: '{ attestation: x509, keyStore: hms }' }),
      ['2:51 expected image or file or tee or hsm or tpm, found "hms"'],
    ],
    [
      'a device number that the fleet does not have',
      good({
        device: '{ attestation: symmetricKey, count: 3 }',
        timeline: '- power-on: sensor-4\n  expect: { refused: true }',
      }),
      ['4:15 no device is called "sensor-4"; did you mean "sensor-1"?'],
    ],
    [
      'a property name that every JavaScript object has',
      good({ head: '__proto__: { polluted: true }' }),
      ['2:1 the name "__proto__" cannot be used; choose another name'],
    ],
  ])('include %s', (_name, text, expected) => {
    expect(mistakesIn(text)).toEqual(expected);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    [
      'an assigned device with an error code',
      'assigned: true, errorCode: 401002',
      '5:13 an assigned device has no error code; remove `assigned` or `errorCode`',
    ],
    [
      'an assigned device without telemetry',
      'assigned: true, telemetry: none',
      '5:13 `assigned` means that the hub accepted telemetry; write `hub` for a hub that DPS assigned, or remove `telemetry`',
    ],
    [
      'signals of a registration',
      'signals: []',
      '5:15 signals does not apply to power-on, in which devices register; write `assigned` or `refused`',
    ],
  ])('include an expectation that never holds: %s', (_name, words, told) => {
    expect(mistakesIn(good({ timeline: `- power-on: sensor\n  expect: { ${words} }` }))).toEqual([told]);
  });

  test('include an assignment that a search for signals never has', () => {
    const timeline = '- look-for-signals: {}\n  expect: { assigned: true }';
    expect(mistakesIn(good({ timeline }))).toEqual([
      '5:15 assigned does not apply to look-for-signals, in which no device registers; write `done` or `refused`',
    ]);
  });

  test('include invalid YAML, with its position', () => {
    expect(mistakesIn('title: "x\ndevices: {')).toMatchInlineSnapshot(`
      [
        "1:8 the text that starts with " here is never closed; add " at its end",
      ]
    `);
  });

  test('include an alias inside the value that it repeats', () => {
    expect(mistakesIn('title: x\ndevices:\n  sensor: &a\n    attestation: [x, *a]\n')).toEqual([
      '4:22 an alias refers to a value that contains the alias itself; write the value out',
    ]);
  });

  test('include aliases that multiply the text excessively', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let depth = 1; depth < 10; depth++)
      lines.push(
        `a${depth}: &a${depth} [${Array(10)
          .fill(`*a${depth - 1}`)
          .join(', ')}]`,
      );
    expect(mistakesIn(lines.join('\n'))).toEqual([
      '1:1 the aliases repeat too much: the file would become more than a hundred times as large; write the values out',
    ]);
  });

  test('are returned and never thrown, whatever the text is', () => {
    const words = fc.constantFrom(
      'title',
      'devices',
      'timeline',
      'matrix',
      'cloud',
      'pki',
      'power-on',
      'expect',
      'after',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '${x}',
      '&a',
      '*a',
      '!!js',
      '<<',
      '__proto__',
      'P1D',
      '0',
      '~',
      '#',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.array(words, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(mistakesIn(text).length).toBeGreaterThan(0);
        },
      ),
      { seed: 3, numRuns: 1500 },
    );
  });
});
