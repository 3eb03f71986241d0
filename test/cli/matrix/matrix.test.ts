import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../../reports/matrix/matrix-shape.ts';
import type { PageIndex } from '../../../reports/html/page-data.ts';
import { dataInPage } from '../../reports/html/data-in-page.ts';
import type { Outcome } from '../run-inline.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';

function matrixOf({ read }: Outcome): Matrix {
  return JSON.parse(read('rehearsal-matrix/matrix.json'));
}

describe('rehearse matrix', () => {
  test('measures the blast radius of thefts, and links each cell to its run', async () => {
    const chosen = ['--attestation', 'derived-key', '--attestation', 'shared-key', '--key-store', 'file'];
    const outcome = await runWarm({}, [
      'matrix',
      ...chosen,
      '--factory',
      'connected',
      '--attack',
      'device-returned,key-leaked',
      '--seed',
      's',
    ]);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    const matrix = matrixOf(outcome);
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('reports/matrix.schema.json', 'utf8')));
    expect([validate(matrix), validate.errors]).toEqual([true, null]);
    // There are three built units, one planned unit, and one unit on no list. A shared key is enrolled for the planned units, too.
    const reached = matrix.cells.map(({ attestation, attack, measures }) => [
      attestation,
      attack,
      measures?.impersonated,
      measures?.keptOut,
    ]);
    expect(reached).toEqual([
      ['derived-key', 'device-returned', 1, 1],
      ['derived-key', 'key-leaked', 5, 3],
      ['shared-key', 'device-returned', 4, 3],
      ['shared-key', 'key-leaked', 4, 3],
    ]);
    for (const { measures } of matrix.cells) {
      expect(measures).toMatchObject({ tried: 5, online: ['line'], back: 3, impersonatedAfterRoll: 0 });
      // Disabling an enrollment does not change the identity at the hub, so the hub accepts the attacker until the operator also disables
      // the identity.
      expect(measures?.banBites).toMatch(/^PT1H10M/);
    }
    for (const { id, runFile } of matrix.cells) {
      expect(JSON.parse(outcome.read(join('rehearsal-matrix', runFile ?? ''))).id).toBe(id);
      expect(outcome.read('rehearsal-matrix/matrix.html')).toContain(`href="${runFile}"`);
    }
    expect(outcome.stdout).toContain('4 of 4 cells measured');
    // The report of the run contains the matrix, and a report that `rehearse report` creates later contains it too.
    const inPage = (text: string): PageIndex => JSON.parse(dataInPage(text).get('index') ?? '');
    const { matrix: shown, entries } = inPage(outcome.read('rehearsal-matrix/report.html'));
    const rows = shown?.sections.flatMap((section) => section.rows) ?? [];
    expect(rows.map(({ id }) => id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
    const later = await runWarmIn(outcome.folder, ['report', 'rehearsal-matrix', '--as', 'html']);
    expect([later.exitCode, later.stderr]).toEqual([0, '']);
    expect(inPage(later.stdout).matrix).toEqual(shown);
  });

  test.each([
    [['--attestation', 'tpn'], '"tpn" is not one of'],
    [
      ['--attestation', 'tpm', '--key-store', 'file'],
      'TPM attestation uses keys of a TPM, so the key store must be tpm',
    ],
  ])('refuses the options %j', async (args, sentence) => {
    const { exitCode, stdout, stderr } = await runWarm({}, ['matrix', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });
});
