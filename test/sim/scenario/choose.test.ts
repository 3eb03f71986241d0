import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { choicesIn } from '../../../sim/scenario/editor/choices.ts';
import { choose, type Chosen } from '../../../sim/scenario/editor/choose.ts';
import { complete } from '../../../sim/scenario/editor/complete.ts';
import { steps } from '../../../sim/steps/index.ts';

const text = `# What this is about
title: A sensor
keys: [fleet-key]   # one for all
devices:
  sensor: { attestation: symmetricKey, count: 4 } # in the field
  gateway:
    attestation: tpm
    # It is slow.
    transport: https
matrix:
  - { name: one, shared: fleet-key, wait: P3M }
  - name: each
    shared: null
    wait: P1M
timeline:
  - enroll: { device: sensor, sharedKey: "\${shared}" }
  - install-key: sensor
  - power-on: sensor
    after: "\${wait}"
    expect: { assigned: hub-eu }
`;

const found = (variant: number) => choicesIn(parse(text) as Readonly<Record<string, unknown>>, variant, steps);
const one = (group: string, word: string, variant = 0) =>
  found(variant).find((choice) => choice.group === group && choice.word === word);

describe('the choices that the studio offers for a scenario', () => {
  test('have the value of the file, or the default of the schema', () => {
    expect(one('devices sensor', 'attestation')).toMatchObject({
      kind: 'one-of',
      value: 'symmetricKey',
      isWritten: true,
      options: ['x509', 'tpm', 'symmetricKey'],
      path: ['devices', 'sensor', 'attestation'],
    });
    expect(one('devices gateway', 'retry')).toMatchObject({ value: 'back-off', isWritten: false });
    expect(one('devices gateway', 'ntp')).toMatchObject({ kind: 'yes-no', value: true, isWritten: false });
    expect(one('devices gateway', 'transport')?.description).toContain('WebSocket');
  });

  test('point to the matrix row if that row gives the value', () => {
    const shared = { kind: 'one-of', options: ['fleet-key'], path: ['matrix', 0, 'shared'], value: 'fleet-key' };
    expect(one('timeline 1 enroll', 'sharedKey')).toMatchObject(shared);
    expect(one('timeline 1 enroll', 'sharedKey', 1)).toMatchObject({ path: ['matrix', 1, 'shared'], value: null });
    expect(one('timeline 3 power-on', 'after', 1)).toMatchObject({
      kind: 'duration',
      value: 'P1M',
      path: ['matrix', 1, 'wait'],
    });
  });

  test('include the keys that a station can hold, even if the station has no keys', () => {
    const stations = `${text}stations: { line: {} }\n`;
    const held = choicesIn(parse(stations) as Readonly<Record<string, unknown>>, 0, steps).filter(
      ({ group }) => group === 'stations line holds',
    );
    // The file defines one key, no CA and no group, so a station can hold only this key.
    expect(held).toMatchObject([
      { word: 'keys', kind: 'some-of', options: ['fleet-key'], value: [], isWritten: false },
    ]);
    const next = choose(stations, held[0]?.path ?? [], ['fleet-key']) ?? '';
    expect(parse(next)).toMatchObject({ stations: { line: { holds: { keys: ['fleet-key'] } } } });
  });

  test('omit a reference property, such as `credentialPolicy`, if the file defines nothing to refer to', () => {
    expect(one('timeline 1 enroll', 'credentialPolicy')).toBeUndefined();
  });
});

describe('`choose` changes one value of the text and nothing else', () => {
  const changed = (path: readonly (string | number)[], value: Chosen, of = text): readonly string[] => {
    const next = choose(of, path, value) ?? 'not to be found';
    const before = of.split('\n');
    return next
      .split('\n')
      .filter(
        (line, index) =>
          line !== before[index] || (next.split('\n').length !== before.length && !before.includes(line)),
      );
  };

  test.each<[string, readonly (string | number)[], Chosen, readonly string[]]>([
    [
      'a value is replaced',
      ['devices', 'sensor', 'attestation'],
      'x509',
      ['  sensor: { attestation: x509, count: 4 } # in the field'],
    ],
    [
      'a property is added in braces',
      ['devices', 'sensor', 'keyStore'],
      'hsm',
      ['  sensor: { attestation: symmetricKey, count: 4, keyStore: hsm } # in the field'],
    ],
    [
      'a property is removed from braces',
      ['devices', 'sensor', 'count'],
      null,
      ['  sensor: { attestation: symmetricKey } # in the field'],
    ],
    [
      'the first property is removed',
      ['devices', 'sensor', 'attestation'],
      null,
      ['  sensor: { count: 4 } # in the field'],
    ],
    ['a list is replaced', ['keys'], ['a-key', 'yes'], ['keys: [a-key, "yes"]   # one for all']],
    [
      'a value in the matrix is replaced',
      ['matrix', 0, 'shared'],
      null,
      ['  - { name: one, shared: null, wait: P3M }'],
    ],
    [
      'a value on its own line in the matrix is replaced',
      ['matrix', 1, 'shared'],
      'fleet-key',
      ['    shared: fleet-key'],
    ],
    [
      'the short form of a step becomes an object in braces',
      ['timeline', 1, 'install-key', 'from'],
      'shared',
      ['  - install-key: { device: sensor, from: shared }'],
    ],
    [
      'the only property of the short form of a step is removed',
      ['timeline', 1, 'install-key', 'device'],
      null,
      ['  - install-key: {}'],
    ],
    [
      'a number is replaced',
      ['devices', 'sensor', 'count'],
      12,
      ['  sensor: { attestation: symmetricKey, count: 12 } # in the field'],
    ],
  ])('the change: %s', (_name, path, value, lines) => {
    expect(changed(path, value)).toEqual(lines);
  });

  test('and can add a property below the existing properties, and can remove the added property', () => {
    const added = choose(text, ['devices', 'gateway', 'ntp'], false) ?? '';
    expect(added).toContain('    # It is slow.\n    transport: https\n    ntp: false\nmatrix:');
    expect(choose(added, ['devices', 'gateway', 'ntp'], null)).toBe(text);
  });

  test('and adds the parent object if the file omits it', () => {
    const next = choose(text, ['cloud', 'allocation'], 'static');
    expect(parse(next ?? '')).toMatchObject({ cloud: { allocation: 'static' }, title: 'A sensor' });
  });

  test('and keeps the text valid for every choice of the shipped scenarios', () => {
    for (const { path, kind, options, isWritten } of [...found(0), ...found(1)]) {
      const value =
        kind === 'yes-no'
          ? false
          : kind === 'number'
            ? 7
            : kind === 'duration'
              ? 'P7D'
              : kind === 'some-of'
                ? options
                : (options[0] ?? null);
      const next = choose(text, path, value);
      const at = (tree: unknown): unknown =>
        path.reduce<unknown>(
          // A plain value is the short form of a map with one property.
          (node, word) => (typeof node === 'string' ? node : (node as Readonly<Record<string, unknown>>)[String(word)]),
          tree,
        );
      expect(at(parse(next ?? '')), `${path.join('.')} in\n${next ?? ''}`).toEqual(value);
      if (!isWritten) expect(at(parse(choose(next ?? '', path, null) ?? '')) ?? undefined).toBeUndefined();
    }
  });
});

describe('the completion of the editor', () => {
  const at = (written: string): readonly string[] => {
    const [before = '', after = ''] = written.split('|');
    return complete(before + after, before.length, { steps, topics: ['warehouse-delay', 'x509-validity'] }).options.map(
      ({ label }) => label,
    );
  };

  test.each<[string, readonly string[]]>([
    ['titl|', ['title']],
    ['title: x\ndevices:\n  sensor: { att|', ['attestation']],
    ['title: x\ndevices:\n  sensor: { attestation: |', ['x509', 'tpm', 'symmetricKey']],
    ['title: x\ndevices:\n  sensor: { attestation: s|, count: 3 }', ['symmetricKey']],
    ['title: x\ndevices:\n  sensor:\n    attestation: tpm\n    keyS|\n', ['keyStore']],
    ['title: x\ndevices:\n  sensor:\n    keyStore: h|\n', ['hsm']],
    ['covers: [war|', ['warehouse-delay']],
    ['devices: { sensor: { attestation: tpm } }\ntimeline:\n  - powe|', ['power-on', 'power-off', 'power-cut']],
    ['devices: { sensor: { attestation: tpm } }\ntimeline:\n  - power-on: |', ['sensor']],
    [
      'devices: { sensor: { attestation: tpm } }\ntimeline:\n  - power-on: sensor\n    expect: { refused: certificate-valid-n|',
      ['certificate-valid-now'],
    ],
    [
      'pki: { root: {} }\ndevices: { sensor: { attestation: tpm } }\ntimeline:\n  - issue-certificate: { device: sensor, from: |',
      ['root'],
    ],
    ['devices: { sensor: { attestation: x509, keyStore: "${store}" } }\nmatrix:\n  - { store: t|', ['tee', 'tpm']],
  ])('proposes the right words at the cursor (|): %s', (written, expected) => {
    expect(at(written)).toEqual(expected);
  });

  test('works beside an alias that contains itself', () => {
    const written = 'title: x\nnotes: &a [*a]\nmatrix:\n  - { store: t';
    expect(complete(written, written.length, { steps, topics: [] }).options).toEqual([]);
  });

  test('returns the description of a word', () => {
    const written = 'devices:\n  sensor: { keyS';
    expect(complete(written, written.length, { steps, topics: [] })).toMatchObject({
      from: written.length - 4,
      options: [
        { label: 'keyStore', insert: 'keyStore: ', detail: expect.stringContaining('Where the key is stored') },
      ],
    });
  });
});
