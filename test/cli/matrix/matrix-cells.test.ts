import { describe, expect, test } from 'vitest';
import { playScenario } from '../../../cli/library.ts';
import { loadCells } from '../../../cli/matrix/load-cells.ts';
import { choiceWords } from '../../../cli/option-words.ts';
import { matrixAxes } from '../../../core/run/matrix-axes.ts';
import { measure } from '../../../reports/matrix/measure.ts';

const { cells, leftOut, loaded } = loadCells({});

describe('`cellsOf`', () => {
  test('gives valid scenarios, each with its own ID and four `blast-radius` steps', () => {
    expect(loaded.scenarios.map(({ id }) => id)).toEqual(cells.map(({ id }) => id));
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    for (const { timeline } of loaded.scenarios)
      expect(timeline.filter(({ name }) => name === 'blast-radius')).toHaveLength(4);
  });

  test('returns each combination of axis values as a cell, or gives the reason for its omission', () => {
    const { attestation, keyStore, factory, attack } = matrixAxes;
    const [designs, attacks] = [leftOut.filter((one) => one.attack === undefined), Object.keys(attack).length];
    const all = [attestation, keyStore, factory].reduce((product, axis) => product * Object.keys(axis).length, 1);
    // The matrix omits the attack on a shared key if each device has an individual key, because no key is shared.
    const keys = cells.filter((one) => one.attestation === 'individual-key');
    expect(new Set(keys.map((one) => one.attack)).size).toBe(attacks - 1);
    expect(cells.length + designs.length * attacks + keys.length / (attacks - 1)).toBe(all * attacks);
    for (const { why } of leftOut) expect(why).not.toBe('');
  });

  test('gives the selected cells in the order of the axes', () => {
    const some = loadCells({
      attestation: ['tpm', 'x509-ca'],
      keyStore: ['tpm', 'file'],
      factory: ['pregenerated'],
      attack: ['key-leaked'],
    });
    expect(some.cells.map(({ id }) => id)).toEqual([
      'matrix/x509-ca/file/pregenerated/key-leaked',
      'matrix/tpm/tpm/pregenerated/key-leaked',
    ]);
    expect(some.leftOut).toMatchObject([
      { attestation: 'x509-ca', keyStore: 'tpm', why: expect.stringContaining('a pregenerated key') },
      { attestation: 'tpm', keyStore: 'file', why: 'TPM attestation uses keys of a TPM, so the key store must be tpm' },
    ]);
  });
});

test('in the matrix cell for TPM attestation and a returned device, the attacker impersonates no device, and no unneeded copy of a secret exists', async () => {
  const tpm = loadCells({ attestation: ['tpm'], factory: ['pregenerated'], attack: ['device-returned'] });
  const [scenario] = tpm.loaded.scenarios;
  if (scenario === undefined) throw new Error('the matrix has no such cell');
  const run = await playScenario(scenario);
  expect(run.verdict).toMatchObject({ kind: 'pass' });
  expect(measure(run)).toMatchObject({
    impersonated: 0,
    tried: 5,
    online: [],
    needless: 0,
    keptOut: 1,
    // The returned device needs one visit, in which it gets new firmware.
    rollVisits: 1,
    back: 3,
  });
});

test.each([
  ['tpn', '"tpn" is not one of tpm, file; did you mean "tpm"?'],
  ['tpm,', '"" is not one of tpm, file.'],
])('`choiceWords` refuses %j', (text, sentence) => {
  const read = choiceWords(['tpm', 'file']);
  expect(() => read(text, undefined)).toThrow(sentence);
  expect(read('file', read('tpm, file', undefined))).toEqual(['tpm', 'file', 'file']);
});
