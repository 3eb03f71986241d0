import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { EventData, HistoryEvent } from '../../core/history/events.ts';
import type { LineReport } from '../../core/findings/line-report.ts';
import type { MatrixPlace } from '../../core/run/matrix-axes.ts';
import type { Run } from '../../core/run/run.ts';
import { matrixHtml } from '../../reports/matrix/html-matrix.ts';
import { matrixMarkdown } from '../../reports/matrix/markdown-matrix.ts';
import { matrixOf, type MatrixPlan } from '../../reports/matrix/matrix-of.ts';
import { matrixText } from '../../reports/matrix/terminal-matrix.ts';
import { played, playbackOf, sampleRun, sampleView } from './sample-playback.ts';

const start = Date.UTC(2026, 3, 1);
const minute = 60_000;
const everybody = ['unit-1', 'unit-2', 'next-unit'];

const line: LineReport = {
  product: 'unit',
  step: 0,
  stations: ['line'],
  ordered: 2,
  built: 2,
  fates: { shipped: 2, unpacked: 0, scrapped: 0, rejected: 0, 'off-the-books': 0 },
  catches: {},
  startedAt: '2026-01-05T08:00:00.000Z',
  endedAt: '2026-01-05T08:01:00.000Z',
  perHour: 120,
  yield: 1,
  online: ['line'],
};

/**
 * Returns the run of a production line with two units and a theft. At each of four measurements, the attacker can take over the given
 * number of identities.
 */
function stolen(
  id: string,
  [first, second, third, fourth]: readonly [number, number, number, number],
  more: Partial<Run> = {},
) {
  const trial = (count: number): EventData => ({
    kind: 'blast-radius',
    loot: 'loot',
    tried: everybody,
    candidates: 3,
    impersonated: everybody.slice(0, count),
  });
  const deed = (party: 'manufacturer' | 'cloud-operator' | 'attacker', subject: string, at?: string): EventData => ({
    kind: 'deed',
    party,
    subject,
    sentence: 'it is done',
    ...(at === undefined ? {} : { station: at }),
  });
  const step = (name: string): EventData => ({ kind: 'step-started', step: 0, name, line: 1 });
  const ended = (device: string, outcome: 'assigned' | 'refused'): EventData => ({
    kind: 'attempt-ended',
    device,
    registrationId: device,
    outcome,
    sentence: 'so',
    telemetry: 'none',
    attempts: 1,
  });
  const at = (minutes: number, ...happenings: readonly EventData[]): readonly HistoryEvent[] =>
    happenings.map((happening) => ({ ...happening, at: start + minutes * minute }));
  const history = [
    ...at(-9, step('produce'), deed('manufacturer', 'unit-1', 'line'), deed('manufacturer', 'unit-2', 'line')),
    ...at(-9, deed('cloud-operator', 'unit-2', 'line'), { kind: 'unit', device: 'unit-1', fate: 'shipped' }),
    ...at(-9, { kind: 'unit', device: 'unit-2', fate: 'shipped' }),
    ...at(-9, { kind: 'line-ended', product: 'unit', stations: ['line'], ordered: 2, startedAt: start }),
    ...at(0, step('steal-key'), deed('attacker', 'unit-1'), step('blast-radius'), trial(first)),
    ...at(60, deed('cloud-operator', 'unit-1')),
    ...at(70, trial(second)),
    ...at(120, deed('cloud-operator', 'unit-1')),
    ...at(130, trial(third), step('connect'), ended('unit-1', 'refused'), ended('unit-2', 'assigned')),
    ...at(200, deed('manufacturer', 'unit-1'), deed('cloud-operator', 'unit-1'), step('register')),
    ...at(200, ended('unit-1', 'assigned'), ended('unit-2', 'assigned'), ended('attacker as unit-1', 'refused')),
    ...at(260, trial(fourth)),
  ];
  const secrets: Run['secrets'] = ['2026-01-05T08:00:00.000Z', '2026-06-01T00:00:00.000Z'].map((from) => ({
    secret: `key of ${from}`,
    sort: 'symmetric-key',
    party: 'contract-manufacturer',
    place: 'line',
    from,
    to: null,
    flag: 'needless',
  }));
  return sampleRun(id, 'pass', 'as expected', { history, secrets, lines: [line], ...more });
}

const place: MatrixPlace = { attestation: 'x509-ca', keyStore: 'file', factory: 'connected', attack: 'device-kept' };
const attacks = ['device-kept', 'device-returned', 'station-stolen', 'key-leaked'] as const;
const odd = 'it <b>broke</b> & "left" | `this`\u001B[31m\nbehind';

const plan: MatrixPlan = {
  cells: [
    ...attacks.map((attack) => ({ ...place, attack, id: `matrix/${attack}` })),
    { ...place, attestation: 'tpm', keyStore: 'tpm', factory: 'pregenerated', id: 'matrix/odd' },
    { ...place, attestation: 'tpm', keyStore: 'tpm', id: 'matrix/lost' },
  ],
  leftOut: [
    { attestation: 'tpm', keyStore: 'file', factory: 'connected', why: 'a TPM is no <file>' },
    { attestation: 'tpm', keyStore: 'tee', factory: 'connected', why: 'a TPM is no <file>' },
    { attestation: 'individual-key', attack: 'key-leaked', why: 'there is none' },
  ],
};

const matrix = matrixOf(
  playbackOf(
    [
      played(stolen('matrix/device-kept', [1, 1, 0, 0])),
      played(stolen('matrix/device-returned', [0, 0, 0, 0])),
      played(stolen('matrix/station-stolen', [3, 0, 0, 2]), { runFile: 'runs/a=b.c/run.json' }),
      played(stolen('matrix/key-leaked', [3, 3, 3, 0])),
      played(sampleRun('matrix/odd', 'unknown', odd), { runFile: undefined }),
    ],
    { complete: false },
  ),
  plan,
);

describe('the matrix report', () => {
  test('shows in the cell of a run its measurements, such as the number of impersonated identities', () => {
    expect(matrix.cells.map(({ measures }) => measures?.banBites)).toEqual([
      'PT1H10M',
      'PT10M',
      'PT10M',
      null,
      undefined,
      undefined,
    ]);
    expect(matrix.cells[0]?.measures).toEqual({
      impersonated: 1,
      tried: 3,
      online: ['line'],
      lineSteps: 1.5,
      needless: 1,
      banBites: 'PT1H10M',
      keptOut: 1,
      fleet: 2,
      rollDeeds: 2,
      rollVisits: 1,
      back: 2,
      impersonatedAfterRoll: 0,
    });
  });

  test('has the verdict `unknown` for a cell without a run or without measurements', () => {
    expect(matrix.cells.slice(4)).toMatchObject([
      { id: 'matrix/odd', verdict: 'unknown', measures: null },
      { id: 'matrix/lost', verdict: 'unknown', reason: 'the cell was not run', runFile: null, measures: null },
    ]);
    const empty = matrixOf(playbackOf([played(sampleRun('matrix/lost', 'pass', 'as expected'))]), plan);
    expect(empty.cells.at(-1)).toMatchObject({ verdict: 'unknown', measures: null });
  });

  test('matches its schema', () => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('reports/matrix.schema.json', 'utf8')));
    expect([validate(matrix), validate.errors]).toEqual([true, null]);
  });

  test('fits into a terminal of 100 columns and has no control characters', async () => {
    const text = matrixText(matrix, sampleView);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    const isLong = (told: string): boolean => told.length > 100 && !told.includes('UNKNOWN');
    expect(text.split('\n').filter(isLong)).toEqual([]);
    await expect(text).toMatchFileSnapshot('golden/matrix.txt');
  });

  test('can be written as Markdown', async () => {
    await expect(matrixMarkdown(matrix)).toMatchFileSnapshot('golden/matrix.md.txt');
  });

  test('can be written as HTML without scripts and external resources', async () => {
    const html = matrixHtml(matrix);
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(html) ?? [];
    expect(html).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(html).not.toMatch(/<script|https?:|\son\w+=|<b>|<file>/);
    await expect(html).toMatchFileSnapshot('golden/matrix.html.txt');
  });
});
